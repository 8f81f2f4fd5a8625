package casework

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"anxin/model"
	"anxin/model/statute"
)

// sampleDay is the folder of the sample day: beside the project, or where
// ANXIN_DAY says.
func sampleDay(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ANXIN_DAY")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "day")
	}
	if _, err := os.Stat(filepath.Join(dir, "day.json")); err != nil {
		t.Skipf("the sample day is not at %s; set ANXIN_DAY", dir)
	}
	return dir
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustWarn(t *testing.T, list []Warning, parts ...string) {
	t.Helper()
	for _, w := range list {
		all := true
		for _, p := range parts {
			all = all && strings.Contains(w.String(), p)
		}
		if all {
			return
		}
	}
	t.Errorf("no warning holds %q in %v", parts, list)
}

func TestSampleRosterIsReadAsAnInspectorWould(t *testing.T) {
	roll, rep, err := readRoster("roster.xlsx", readFile(t, filepath.Join(sampleDay(t), "roster.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	if len(roll.Workers) != 28 {
		t.Errorf("%d workers, want 28", len(roll.Workers))
	}
	if got := statute.Fen(roll.TotalFen()); got != 69393676 || got.Capital() != "人民币陆拾玖万叁仟玖佰叁拾陆元柒角陆分" {
		t.Errorf("total %s %s", got, got.Capital())
	}
	if from, to := roll.Months(); from != "2026-06" || to != "2026-08" {
		t.Errorf("months %s to %s", from, to)
	}
	if roll.Maker != "湖南桃花源劳务有限公司" {
		t.Errorf("maker %q", roll.Maker)
	}
	mustWarn(t, rep.Warnings, "roster.xlsx", "拖欠工资明细!C25", "身份证号码", "相同", "第9行", "周永玉")
	mustWarn(t, rep.Warnings, "C27", "韩建", "童工")
	mustWarn(t, rep.Warnings, "拖欠工资明细!I33", "合计")
	if m := Minors(&roll); len(m) != 1 || m[0].Name != "韩建" {
		t.Errorf("minors %v", m)
	}
	names := map[string]bool{}
	for _, w := range roll.Workers {
		names[w.Name] = true
	}
	for _, n := range []string{"𠮷德胜", "欧阳㛃", "龚䶮", "艾力·买买提江"} {
		if !names[n] {
			t.Errorf("%s is missing", n)
		}
	}
}

// book makes a workbook of rows on one sheet.
func book(t *testing.T, sheet string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow(sheet, cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbooksThatCannotBeReadSaySoInASentence(t *testing.T) {
	header := []any{"姓名", "身份证号码", "欠发(元)"}
	cases := []struct {
		name string
		raw  []byte
		want []string
	}{
		{"renamed .doc", append([]byte{0xD0, 0xCF, 0x11, 0xE0}, make([]byte, 600)...), []string{"roll.xlsx", "另存为 .xlsx"}},
		{"plain text", []byte("姓名,身份证"), []string{"不是 .xlsx"}},
		{"empty", nil, []string{"空文件"}},
		{"zip that is no workbook", []byte("PK\x03\x04 nothing"), []string{"不能作为 .xlsx"}},
		{"unknown column", book(t, "表", []any{"姓名", "身份证号码", "欠发(元)", "血型"}, []any{"甲", "", "1"}), []string{"表!D1", "血型", "不认识"}},
		{"missing column", book(t, "表", []any{"姓名", "身份证号码", "备注"}, []any{"甲", "", ""}), []string{"缺少列", "欠发"}},
		{"twice the same", book(t, "表", []any{"姓名", "身份证号码", "欠发(元)", "欠发"}), []string{"重复"}},
		{"no workers", book(t, "表", header), []string{"没有工人"}},
		{"no header", book(t, "表", []any{"一", "二"}), []string{"没有找到表头"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := readRoster("roll.xlsx", c.raw)
			if err == nil {
				t.Fatal("read without an error")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q lacks %q", err, w)
				}
			}
		})
	}
}

func TestRosterAmountsAsPeopleTypeThem(t *testing.T) {
	raw := book(t, "表", []any{"序号", "姓名", "身份证号码", "应发(元)", "已发(元)", "欠发(元)"},
		[]any{1, "甲", "11010519491231002X", "¥10,000.50", 0.5, "10,000.00"},
		[]any{},
		[]any{2, "乙", "440524188001010014", 8568.879999999999, "", "８５６８．８８"},
		[]any{"合计", "", "", "", "", "18568.88"})
	roll, rep, err := readRoster("roll.xlsx", raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(roll.Workers) != 2 || roll.TotalFen() != 1856888 || roll.Workers[0].PayableFen != 1000050 || roll.Workers[1].PayableFen != 856888 {
		t.Errorf("%+v", roll.Workers)
	}
	if len(rep.Warnings) != 0 {
		t.Errorf("warnings %v", rep.Warnings)
	}
}

func TestReadStatement(t *testing.T) {
	s, err := ReadStatement("interview.txt", string(readFile(t, filepath.Join(sampleDay(t), "interview.txt"))))
	if err != nil {
		t.Fatal(err)
	}
	if s.Person != "刘䶮" || s.Sex != "男" || s.Unit != "湖南桃花源劳务有限公司现场负责人" || s.Place != "项目部会议室" || len(s.QAs) != 6 {
		t.Errorf("%+v", s)
	}
	for name, text := range map[string]string{"答前无问": "答:好", "没有问答": "时间:今天", "没有回答": "问:一\n问:二\n答:三"} {
		if _, err := ReadStatement("x.txt", text); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func FuzzReadStatement(f *testing.F) {
	f.Add("被询问人:甲 男 公司\n问:一?\n答:二\n三")
	f.Add("答：")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadStatement("x.txt", text)
		if err == nil && len(s.QAs) == 0 {
			t.Error("no question and no error")
		}
	})
}

func FuzzReadRoster(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if roll, _, err := readRoster("x.xlsx", raw); err == nil && len(roll.Workers) == 0 {
			t.Error("no worker and no error")
		}
	})
}

func TestReadDateAndMonth(t *testing.T) {
	for in, want := range map[string]model.Date{"2026-06-01": "2026-06-01", "2026/6/1": "2026-06-01", "2026年6月1日": "2026-06-01", "46174": "2026-06-01", "六月": ""} {
		if got, ok := readDate(in); got != want || ok != (want != "") {
			t.Errorf("readDate(%s) = %s, %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{"2026-06": "2026-06", "2026年6月": "2026-06", "2026/6": "2026-06", "2026-06-15": "2026-06", "夏天": ""} {
		if got, ok := readMonth(in); got != want || ok != (want != "") {
			t.Errorf("readMonth(%s) = %s, %v", in, got, ok)
		}
	}
}
