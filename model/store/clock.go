package store

import (
	"context"
	"time"

	"anxin/model"
)

// ClockBehind is how far the machine's clock stands below the highest time seen
// here, while that blocks issuing: 0 when it does not, or when an officer has
// confirmed the time with a reason (model.SettingClock).
func (s *Store) ClockBehind(ctx context.Context) (time.Duration, error) {
	var highest int64
	if err := s.readRow(ctx, `SELECT highest FROM life`).Scan(&highest); err != nil {
		return 0, s.explain(err)
	}
	behind := time.UnixMilli(highest).Sub(s.opt.Clock.Now())
	if behind <= clockSlack {
		return 0, nil
	}
	reason, err := s.Setting(ctx, model.SettingClock)
	if err != nil || reason != "" {
		return 0, err
	}
	return behind, nil
}
