package casework

import (
	"strings"
	"testing"
	"time"

	"anxin/model"
)

func TestCameraClockIsCompared(t *testing.T) {
	china := time.FixedZone("", 8*3600)
	now := time.Date(2026, 9, 18, 23, 58, 10, 0, china)
	for _, c := range []struct {
		shown string
		ahead time.Duration
	}{
		{"23:58:10", 0}, {"23:58", -10 * time.Second}, {"00:01:22", 3*time.Minute + 12*time.Second}, {"２３：58", 0}, {"22：58：10", -time.Hour},
		{"2026-09-18 23:57:00", -70 * time.Second}, {"2025-09-18 23:58:10", -365 * 24 * time.Hour}, {"2026/09/19 00:01", 2*time.Minute + 50*time.Second},
	} {
		got, err := CompareClock(c.shown, now)
		if strings.ContainsRune(c.shown, '２') {
			if err == nil {
				t.Errorf("%q was read as %v", c.shown, got)
			}
			continue
		}
		if err != nil || got != (CameraClock{Ahead: c.ahead, Source: model.ClockCompared}) {
			t.Errorf("%q: %v, %v, want %v", c.shown, got, err, c.ahead)
		}
	}
	if got, err := CompareClock(" ", now); err != nil || got != (CameraClock{}) {
		t.Errorf("nothing shown: %v, %v", got, err)
	}
	if _, err := CompareClock("下午三点", now); err == nil || !strings.Contains(err.Error(), "14:02:31") {
		t.Errorf("words: %v", err)
	}
}

func TestCameraClockStandsInTheChain(t *testing.T) {
	taken := time.Date(2026, 9, 18, 14, 5, 43, 0, time.FixedZone("", 8*3600))
	for _, c := range []struct {
		name string
		e    model.Evidence
		want string
	}{
		{"nobody compared", model.Evidence{TakenAt: taken, Zoned: true}, ""},
		{"alike", model.Evidence{TakenAt: taken, Zoned: true, ClockSource: model.ClockCompared}, "记录仪时钟与本机一致（人工对时）"},
		{"ahead", model.Evidence{TakenAt: taken, Zoned: true, ClockSource: model.ClockCompared, ClockOffset: 192}, "记录仪时钟比本机快3分12秒（人工对时），校正后为 2026-09-18 14:02:31"},
		{"behind", model.Evidence{TakenAt: taken, Zoned: true, ClockSource: model.ClockCompared, ClockOffset: -3661}, "记录仪时钟比本机慢1小时1分1秒（人工对时），校正后为 2026-09-18 15:06:44"},
		{"without a zone", model.Evidence{TakenAt: taken, ClockSource: model.ClockCompared}, "相机没有记录时区，按本机时区推定；记录仪时钟与本机一致（人工对时）"},
	} {
		if got := CustodyOrigin(&c.e, "")[0].Note; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
