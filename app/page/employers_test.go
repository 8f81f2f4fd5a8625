package page

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/app/uitest"
	"anxin/model"
)

// The shell finds a page's abilities by asking for these.
var (
	_ shell.Rememberer   = (*Employers)(nil)
	_ shell.Stepper      = (*Employers)(nil)
	_ shell.FirstFielder = (*Employers)(nil)
	_ shell.Rememberer   = (*Settings)(nil)
	_ shell.Submitter    = (*Sync)(nil)
	_ shell.Printer      = (*Documents)(nil)
)

// named reads the one record of a kind that a test names.
func named[T any, P recordOf[T]](w *world, is func(*T) bool) kept[T] {
	w.Helper()
	list, err := readAll[T, P](w.env, model.Query{})
	sure(w, err)
	for _, k := range list {
		if is(k.Value) {
			return k
		}
	}
	w.Fatal("the journal has no such record")
	return kept[T]{}
}

// narrow leaves room for one pane, so that a label is the form's and no head
// of a column.
func (w *world) narrow() { w.screen.Resize(900, 700) }

func TestEmployerIsRegisteredAndEdited(t *testing.T) {
	w := newWorld(t)
	p := NewEmployers(w.env, "")
	w.show(p)
	w.screen.MustSee("桃花源第1建筑工程有限公司")
	w.narrow()
	w.act(lang.T("employers.new"))
	p.Save()
	w.screen.MustSee("请填写单位名称。")
	w.screen.Fill("单位名称", "武陵装饰有限公司")
	w.screen.Fill("社会信用代码", "91430725MA4KX0012X")
	w.screen.MustSee("请对照营业执照核对") // warned of, and saved all the same
	w.screen.Fill("联系电话", "1390736")
	w.screen.Fill("职工人数", "-5")
	p.Save()
	w.screen.MustSee("人数应为0至1000000之间的整数。")
	w.screen.Fill("职工人数", "86")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("employers-new")
	w.narrow()
	p.Save()
	k := named(w, func(v *model.Employer) bool { return v.Name == "武陵装饰有限公司" })
	if k.Value.USCC != "91430725MA4KX0012X" || k.Value.Headcount != 86 || k.Value.Phone != "1390736" {
		t.Fatalf("saved %+v", k.Value)
	}
	if p.Dirty() {
		t.Error("dirty after saving")
	}
	w.screen.Fill("备注", "总部在县城")
	if !p.Dirty() {
		t.Error("not dirty after typing")
	}
	p.Save()
	if k := named(w, func(v *model.Employer) bool { return v.Name == "武陵装饰有限公司" }); k.Value.Note != "总部在县城" {
		t.Errorf("edited %+v", k.Value)
	}
	p.Find()
	w.screen.Type("武陵装饰")
	w.screen.MustNotSee("桃花源第1建筑工程有限公司")
	w.screen.Resize(1000-48, 700-60)
	w.screen.Capture("employers-narrow")
}

func TestSiteKeepsItsUnitsAndMoney(t *testing.T) {
	w := newWorld(t)
	p := NewEmployers(w.env, string(w.site))
	w.show(p)
	w.screen.MustSee("安置房1期工程")
	w.narrow()
	w.screen.Fill("合同额（万元）", "1,200.5")
	w.screen.Tap(lang.T("sites.part.units"))
	w.screen.Fill(lang.T("sites.sub.add"), "第1建筑")
	w.screen.Press(fyne.KeyReturn)
	w.screen.Fill(lang.T("sites.owner"), "没有这家单位")
	p.Save()
	w.screen.MustSee(lang.T("register.loose"))
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("sites-units")
	w.narrow()
	w.screen.Fill(lang.T("sites.owner"), "")
	p.Save()
	k := named(w, func(v *model.Site) bool { return true })
	if v := k.Value; v.ContractFen != 1_200_500_000 || v.Owner != "" || v.General != w.employer || fmt.Sprint(v.Subs) != fmt.Sprint([]model.ID{w.employer}) {
		t.Fatalf("saved %+v", v)
	}
	w.screen.Fill("合同额（万元）", "很多钱")
	p.Save()
	w.screen.MustSee("合同额应为数字")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("sites")
}

func TestGridAndTabs(t *testing.T) {
	w := newWorld(t)
	p := NewEmployers(w.env, "")
	w.show(p)
	w.screen.Tap(lang.T("employers.tab.grids"))
	w.screen.MustSee(lang.T("grids.empty"))
	w.narrow()
	w.act(lang.T("grids.new"))
	w.screen.Fill("网格编码", "430725001")
	w.screen.MustSee("使用本地编码的可以保留")
	w.screen.Fill("名称", "漳江街道")
	w.screen.Fill("级别", "2")
	w.screen.Tap(lang.T("employers.tab.sites"))
	w.screen.MustSee(lang.T("shell.dirty.title"))
	w.screen.Tap(lang.T("page.save"))
	if k := only[model.Grid](w); k.Value.Level != 2 || k.Value.Name != "漳江街道" {
		t.Fatalf("saved %+v", k.Value)
	}
	w.screen.Tap(lang.T("employers.tab.sites"))
	w.screen.MustSee("安置房1期工程")
	state := p.State()
	again := NewEmployers(w.env, "")
	again.Restore(state)
	if again.at != tabSites {
		t.Errorf("restored %q from %q", again.at, state)
	}
}

func TestHistoryLeadsToRecords(t *testing.T) {
	w := newWorld(t)
	visit := w.recordedVisit()
	p := NewEmployers(w.env, string(w.employer))
	w.show(p)
	w.screen.Tap(lang.T("employers.part.past"))
	w.screen.MustSee("克扣或者无故拖欠工资", "劳动保障监察现场检查笔录")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("employers-past")
	w.screen.Tap("工资支付情况")
	if got := w.host.last(); got != [2]string{placeInspections, string(visit)} {
		t.Errorf("went to %v", got)
	}
	p = NewEmployers(w.env, string(w.site))
	w.show(p)
	w.screen.Tap(lang.T("employers.part.past"))
	w.screen.MustSee("工资支付情况")
}

func TestEmployersInEnglish(t *testing.T) {
	w := newWorld(t)
	uitest.Language(t, "en")
	p := NewEmployers(w.env, "")
	w.show(p)
	w.act("Add an employer")
	w.screen.MustSee("Name", "Credit code (USCC)")
	p.Save()
	w.screen.MustSee("Enter the name of the employer.")
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("employers-english")
}
