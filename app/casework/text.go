package casework

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"anxin/model"
)

// readDate reads a day as people and spreadsheets write it.
func readDate(text string) (model.Date, bool) {
	for _, f := range []string{time.DateOnly, "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-1-2"} {
		if t, err := time.Parse(f, text); err == nil {
			return model.DateOf(t), true
		}
	}
	// A spreadsheet date cell without its format is a count of days.
	if n, err := strconv.Atoi(text); err == nil && n > 20000 && n < 80000 {
		return model.DateOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)), true
	}
	return "", false
}

// readMonth reads a month: 2026-06, 2026年6月, 2026.6, 2026/06, 202606, or a
// day within it.
func readMonth(text string) (string, bool) {
	for _, f := range []string{"2006-01", "2006-1", "2006年1月", "2006.1", "2006/1", "200601"} {
		if t, err := time.Parse(f, text); err == nil {
			return t.Format("2006-01"), true
		}
	}
	if d, ok := readDate(text); ok {
		return string(d[:7]), true
	}
	return "", false
}

// chineseMonth writes 2026-06 as 2026年6月.
func chineseMonth(m string) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	return fmt.Sprintf("%d年%d月", t.Year(), int(t.Month()))
}

func containsText(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func containsID(list []model.ID, id model.ID) bool {
	for _, x := range list {
		if x == id {
			return true
		}
	}
	return false
}

func sortChanges(c []model.Change) {
	sort.Slice(c, func(i, j int) bool { return c[i].ID < c[j].ID })
}

// chineseList joins words the way a sentence does: 甲、乙、丙.
func chineseList(words []string) string { return strings.Join(words, "、") }

// bare takes the closing mark off a sentence so that another can follow.
func bare(s string) string { return strings.TrimRight(strings.TrimSpace(s), "。；;,，.") }
