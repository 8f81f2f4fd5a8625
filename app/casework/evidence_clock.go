package casework

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"anxin/model"
)

// CameraClock is how far the clock of a camera or a body recorder stood from the
// laptop's, and how that is known. The zero value says that nobody compared them.
type CameraClock struct {
	Ahead  time.Duration // the camera's less the laptop's, in whole seconds
	Source string        // model.ClockCompared
	Camera string        // which one, see Recorders; "" where nobody said
}

// clockLayouts are how a recorder shows the time, the day first.
var clockLayouts = []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05", "2006/01/02 15:04"}

// timeLayouts are the time alone: it is of the day nearest to the laptop's time.
var timeLayouts = []string{"15:04:05", "15:04"}

// CompareClock reads what a camera's clock shows while the laptop's says now:
// “14:02:31” or “2026-09-18 14:02:31”. The empty text compares nothing.
func CompareClock(shown string, now time.Time) (CameraClock, error) {
	shown = strings.NewReplacer("：", ":", "　", " ").Replace(strings.TrimSpace(shown))
	if shown == "" {
		return CameraClock{}, nil
	}
	for _, layout := range clockLayouts {
		if at, err := time.ParseInLocation(layout, shown, now.Location()); err == nil {
			return compared(at, now), nil
		}
	}
	for _, layout := range timeLayouts {
		at, err := time.ParseInLocation(layout, shown, now.Location())
		if err != nil {
			continue
		}
		y, m, d := now.Date()
		at = time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), 0, now.Location())
		const half = 12 * time.Hour
		switch gap := at.Sub(now); {
		case gap > half:
			at = at.AddDate(0, 0, -1)
		case gap < -half:
			at = at.AddDate(0, 0, 1)
		}
		return compared(at, now), nil
	}
	return CameraClock{}, errors.New("记录仪上显示的时间无法识别，请写成 14:02:31 或者 2026-09-18 14:02:31")
}

func compared(shown, now time.Time) CameraClock {
	return CameraClock{Ahead: shown.Sub(now).Round(time.Second), Source: model.ClockCompared}
}

// clockNote says in words how the camera's clock stood, "" where nobody compared.
func clockNote(e *model.Evidence) string {
	if e.ClockSource == "" {
		return ""
	}
	ahead := time.Duration(e.ClockOffset) * time.Second
	if ahead == 0 {
		return "记录仪时钟与本机一致（" + e.ClockSource + "）"
	}
	word, right := "快", e.TakenAt.Add(-ahead)
	if ahead < 0 {
		word, ahead = "慢", -ahead
	}
	return fmt.Sprintf("记录仪时钟比本机%s%s（%s），校正后为 %s", word, spanText(ahead), e.ClockSource, right.Format(time.DateTime))
}

// spanText words a span of whole seconds: 1天2小时3分4秒.
func spanText(d time.Duration) string {
	var b strings.Builder
	for _, unit := range []struct {
		long time.Duration
		word string
	}{{24 * time.Hour, "天"}, {time.Hour, "小时"}, {time.Minute, "分"}, {time.Second, "秒"}} {
		if n := d / unit.long; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.word)
			d -= n * unit.long
		}
	}
	return b.String()
}
