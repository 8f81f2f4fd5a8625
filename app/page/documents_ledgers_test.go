package page

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
)

// TestLedgersAreReadAndKept: the figures of the year stand first, another ledger
// is turned to, a span without records says so, all are kept as a workbook and
// one as comma-separated values.
func TestLedgersAreReadAndKept(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.recordedVisit()
			uitest.Language(t, tag)
			p := NewLedgers(w.env)
			w.show(p)
			w.wide()
			w.screen.MustSee(lang.Said("年度数据"), lang.Said("线索（件）"), lang.Said("算法"))
			w.screen.Capture("ledgers-" + tag)
			p.pick.SetSelected(lang.T("ledgers.name", "name", lang.Said("检查台账"), "n", 1))
			w.screen.MustSee(lang.Said("工资支付情况"), lang.Said("被检查单位"))
			w.screen.Capture("ledgers-visits-" + tag)
			w.screen.Resize(863, 452)
			w.screen.Capture("ledgers-narrow-" + tag)
			dir := t.TempDir()
			uitest.AnswerFiles(t, filepath.Join(dir, "台账.xlsx"), filepath.Join(dir, "检查.csv"))
			p.Submit()
			w.act(lang.T("ledgers.csv"))
			f, err := excelize.OpenFile(filepath.Join(dir, "台账.xlsx"))
			sure(t, err)
			defer f.Close()
			if list := f.GetSheetList(); len(list) != len(p.tables) || list[0] != "年度数据" {
				t.Errorf("sheets %v", list)
			}
			rows, err := f.GetRows("检查台账")
			sure(t, err)
			if len(rows) != 2 || !strings.Contains(fmt.Sprint(rows), "桃花源第1建筑工程有限公司") {
				t.Errorf("visits %v", rows)
			}
			w.screen.Fill(lang.T("ledgers.to"), "2026-09-01")
			w.screen.Press(fyne.KeyReturn)
			w.screen.MustSee(lang.T("ledgers.empty"))
			w.screen.Fill(lang.T("ledgers.to"), "2020-01-01")
			w.screen.Press(fyne.KeyReturn)
			w.screen.MustSee(lang.T("ledgers.wrong"))
		})
	}
}
