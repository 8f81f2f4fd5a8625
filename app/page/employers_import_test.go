package page

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/model"
)

var (
	_ shell.Submitter    = (*Import)(nil)
	_ shell.Backer       = (*Import)(nil)
	_ shell.Rememberer   = (*Import)(nil)
	_ shell.FirstFielder = (*Import)(nil)
)

// workbookOf writes an .xlsx of one sheet and returns its path.
func workbookOf(t *testing.T, sheet string, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	sure(t, f.SetSheetName("Sheet1", sheet))
	for i, row := range rows {
		sure(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row))
	}
	path := filepath.Join(t.TempDir(), "名册.xlsx")
	sure(t, f.SaveAs(path))
	return path
}

// employersKept is how many employers the journal holds.
func (w *world) employersKept() int {
	w.Helper()
	n, err := w.store.Count(w.Context(), model.Query{Kind: model.KindEmployer})
	sure(w, err)
	return n
}

// TestRegistersAreImportedInThreeSteps: what the columns are, what would come of
// it, what came of it; nothing is written before the verb, every line says its
// place, and the report is kept as a workbook and as CSV.
func TestRegistersAreImportedInThreeSteps(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			uitest.Language(t, tag)
			known := named(w, func(v *model.Employer) bool { return true })
			path := workbookOf(t, "用人单位", []any{"单位名称", "统一社会信用代码", "联系电话", "劳资专管员"},
				[]any{"武陵装饰有限公司", "91430725MA4KX0012X", "0736-6620001", ""}, []any{"", "91430725MA4KX00", "", ""},
				[]any{"沅水劳务有限公司", "", "0736-6620002", ""}, []any{known.Value.Name, known.Value.USCC, "", "张专管"})
			employers := NewEmployers(w.env, "")
			w.show(employers)
			w.act(lang.T("employers.import"))
			if got := w.host.last(); got != [2]string{"employers", ImportArg} {
				t.Fatalf("the import is at %v", got)
			}
			p := NewImport(w.env)
			w.show(p)
			w.wide()
			w.screen.MustSee(lang.T("import.start"))
			uitest.AnswerFiles(t, path)
			p.Submit()
			w.screen.MustSee(lang.T("import.sheet", "name", "用人单位", "n", 4), lang.T("import.map.sample", "text", "0736-6620001"+lang.T("sync.comma")+"0736-6620002"), lang.Said("单位名称")+" 沅水劳务有限公司")
			w.screen.Capture("import-map-" + tag)
			p.Submit()
			w.screen.MustSee(lang.T("employers.import.added", "n", 2), lang.T("employers.import.merged", "n", 1), "名册.xlsx 用人单位!B2", "名册.xlsx 用人单位!A3", lang.Said("并入“"+known.Value.Name+"”，补上：劳资专管员"))
			w.screen.Capture("import-preview-" + tag)
			if n := w.employersKept(); n != 1 {
				t.Fatalf("the preview wrote: %d employers", n)
			}
			if !p.Back() || p.Back() {
				t.Error("Escape goes to the columns and no further")
			}
			p.Submit()
			p.Submit()
			if n := w.employersKept(); n != 3 {
				t.Fatalf("after the import: %d employers", n)
			}
			w.screen.MustSee(lang.T("import.did", "file", "名册.xlsx"))
			w.screen.Capture("import-report-" + tag)
			p.line.which.SetSelected(lang.T("import.outcome.refused"))
			w.screen.MustSee(lang.Said("没有单位名称，这一行没有导入"))
			w.screen.MustNotSee(lang.Said("劳资专管员"))
			w.reportIsKept()
			if p.State() != "" {
				t.Error("what was imported would be opened again")
			}
		})
	}
}

// reportIsKept saves the report both ways and reads it back.
func (w *world) reportIsKept() {
	w.Helper()
	dir := w.TempDir()
	uitest.AnswerFiles(w, filepath.Join(dir, "报告.xlsx"), filepath.Join(dir, "报告.csv"))
	w.act(lang.T("import.excel"))
	w.act(lang.T("import.csv"))
	f, err := excelize.OpenFile(filepath.Join(dir, "报告.xlsx"))
	sure(w, err)
	rows, err := f.GetRows("导入报告")
	sure(w, errors.Join(err, f.Close()))
	raw, err := os.ReadFile(filepath.Join(dir, "报告.csv"))
	sure(w, err)
	for _, want := range []string{"合计：新增", "合并", "未导入", "没有单位名称，这一行没有导入", "补上：劳资专管员"} {
		if !strings.Contains(fmt.Sprint(rows), want) || !strings.Contains(string(raw), want) {
			w.Errorf("the report does not say %q:\n%v\n%s", want, rows, raw)
		}
	}
}

// TestColumnsUnderOtherTitlesAreMappedOnce: a sheet and columns under names of
// their own are explained by keys alone, and the same titles need no explaining
// the next time.
func TestColumnsUnderOtherTitlesAreMappedOnce(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			uitest.Language(t, tag)
			head := []any{"企业", "座机", "信用码", "颜色"}
			p := NewImport(w.env)
			w.show(p)
			w.wide()
			p.Dropped([]string{"说明.txt", workbookOf(t, "Sheet1", head, []any{"武陵装饰有限公司", "0736-6620001", "91430725MA4KX0012X", "红"})})
			p.Submit()
			if p.step != importMaps {
				t.Fatal("a workbook nobody explained was read")
			}
			w.screen.Press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn) // the keyboard stands on what the sheet holds
			if p.as.Sheets["Sheet1"] != casework.RegisterEmployers {
				w.screen.Pick(lang.T("import.sheet.is"), lang.T("employers.tab.employers"))
			}
			w.screen.Pick("企业", lang.Said("单位名称"))
			w.screen.Pick("座机", lang.Said("联系电话"))
			w.screen.Pick("信用码", lang.Said("联系电话"))
			p.Submit()
			w.screen.MustSee(lang.T("import.map.twice", "title", "座机"))
			w.screen.Pick("信用码", lang.Said("统一社会信用代码"))
			w.screen.Capture("import-own-" + tag)
			p.Submit()
			w.screen.MustSee(lang.T("employers.import.added", "n", 1))
			p.Submit()
			k := named(w, func(v *model.Employer) bool { return v.Name == "武陵装饰有限公司" })
			if k.Value.USCC != "91430725MA4KX0012X" || k.Value.Phone != "0736-6620001" {
				t.Errorf("imported %+v", k.Value)
			}
			again := NewImport(w.env)
			w.show(again)
			again.Restore(workbookOf(t, "名单", head, []any{"沅水劳务有限公司", "0736-6620002", "", "蓝"}))
			again.Submit()
			w.screen.MustSee(lang.T("employers.import.added", "n", 1))
			again.Submit()
			if k := named(w, func(v *model.Employer) bool { return v.Name == "沅水劳务有限公司" }); k.Value.Phone != "0736-6620002" {
				t.Errorf("imported %+v", k.Value)
			}
		})
	}
}

// TestAStoppedImportWritesNothing: the dialog shows how far it is, and what was
// stopped leaves the journal as it was.
func TestAStoppedImportWritesNothing(t *testing.T) {
	w := newWorld(t)
	rows := [][]any{{"单位名称", "地址"}}
	for i := range 300 {
		rows = append(rows, []any{fmt.Sprintf("第%d劳务有限公司", i), "新街"})
	}
	p := NewImport(w.env)
	w.show(p)
	p.Restore(workbookOf(t, "用人单位", rows...))
	ctx, cancel := context.WithCancel(t.Context())
	var told []float64
	as := p.as
	as.Tell = func(done float64, _ string) {
		told = append(told, done)
		if len(told) == 3 {
			cancel()
		}
	}
	f, err := os.Open(p.path)
	sure(t, err)
	defer f.Close()
	if _, err := w.env.Desk.ImportRegisters(ctx, p.path, f, &as); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	if n := w.employersKept(); n != 1 || len(told) != 3 || told[2] <= told[0] {
		t.Errorf("%d employers after %v", n, told)
	}
}
