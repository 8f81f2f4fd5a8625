package page

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/model"
)

func TestOfficeIsEdited(t *testing.T) {
	w := newWorld(t)
	w.safe()
	s := NewSettings(w.env, "")
	w.show(s)
	w.screen.Resize(1366-168, 768-60)
	w.screen.MustSee("文号代字")
	w.screen.Capture("settings-office")
	w.screen.Fill("邮编", "41")
	s.Save()
	w.screen.MustSee("邮编应为6位数字。")
	w.screen.Fill("邮编", "415701")
	w.screen.Tap("否")
	w.screen.Fill("指令书标题", "限期整改指令书")
	w.screen.Fill("联系电话", "12")
	w.screen.MustSee("手机号码应为11位")
	s.Save()
	k := only[model.Office](w)
	if v := k.Value; v.Postcode != "415701" || v.Remedies || v.Titles["D06"] != "限期整改指令书" || v.ReportDays != 3 || v.Word != "桃人社" || v.Phone != "12" {
		t.Fatalf("saved %+v", k.Value)
	}
	if s.Dirty() {
		t.Error("dirty after saving")
	}
	w.screen.Fill("指令书标题", "")
	s.Save()
	if k := only[model.Office](w); len(k.Value.Titles) != 0 {
		t.Errorf("the standard title did not come back: %v", k.Value.Titles)
	}
	w.screen.Fill("机关全称", "桃花源县人社局")
	w.screen.Tap(lang.T("settings.about"))
	w.screen.MustSee(lang.T("shell.dirty.title"))
	w.screen.Tap(lang.T("shell.dirty.discard"))
	w.screen.MustSee(lang.T("settings.version"), "test", "Open Font License")
	w.screen.Capture("settings-about")
	if k := only[model.Office](w); k.Value.Name != "桃花源县人力资源和社会保障局" {
		t.Errorf("what was discarded was saved: %v", k.Value.Name)
	}
}

func TestOfficerIsEditedAndWarned(t *testing.T) {
	w := newWorld(t)
	s := NewSettings(w.env, string(w.expired))
	w.show(s)
	w.screen.MustSee(lang.T("officers.expired"))
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("settings-officers")
	w.narrow()
	w.screen.Fill("有效期至", "2026-10-18")
	w.screen.MustSee(lang.T("officers.expiring", "n", 60))
	w.screen.Fill("有效期至", "2029-12-31")
	w.screen.MustNotSee(lang.T("officers.expiring", "n", 60))
	w.screen.Fill("执法证号", "湘j 00000003")
	s.Save()
	k, err := readOne[model.Officer](w.env, w.expired)
	sure(t, err)
	if k.Value.ValidTo != "2029-12-31" || k.Value.CertNo != "湘J00000003" || k.Value.Suspended {
		t.Fatalf("saved %+v", k.Value)
	}
	s.New()
	s.Save()
	w.screen.MustSee("请填写姓名。", "请选择角色。")
	w.screen.Fill("姓名", "周小梅")
	w.screen.Tap("协管员")
	s.Save()
	fresh := named(w, func(v *model.Officer) bool { return v.Name == "周小梅" })
	if fresh.Value.Role != model.RoleAssistant {
		t.Errorf("saved %+v", fresh.Value)
	}
}

func TestCertificateTone(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		to        model.Date
		cert      string
		suspended bool
		want      theme.Tone
	}{
		{"2026-09-17", "湘J1", false, theme.Bad}, {"2026-09-18", "湘J1", false, theme.Warning}, {"2026-11-17", "湘J1", false, theme.Warning},
		{"2026-11-18", "湘J1", false, theme.Good}, {"2028-01-01", "湘J1", true, theme.Bad}, {"", "湘J1", false, theme.Neutral}, {"2020-01-01", "", false, theme.Neutral},
	} {
		v := &model.Officer{CertNo: c.cert, ValidTo: c.to, Suspended: c.suspended}
		if got := certificateTone(v, w.clock.Now(), noticeDays(w.env)); got != c.want {
			t.Errorf("%+v is %v, want %v", c, got, c.want)
		}
	}
}

func TestOfficerGetsAPassphrase(t *testing.T) {
	w := newWorld(t)
	given := map[model.ID]string{}
	w.env.AddOfficer = func(_ context.Context, officer model.ID, phrase string) error {
		given[officer] = phrase
		return nil
	}
	w.show(NewSettings(w.env, string(w.other)))
	w.act(lang.T("officers.phrase"))
	w.screen.Fill(lang.T("dialog.passphrase"), "1234")
	w.screen.Fill(lang.T("dialog.passphrase.again"), "1234")
	w.screen.Tap(lang.T("officers.phrase"))
	w.screen.MustSee(lang.T("wizard.phrase.short", "n", shortPhrase))
	w.screen.Fill(lang.T("dialog.passphrase"), "青山不改绿水长流")
	w.screen.Fill(lang.T("dialog.passphrase.again"), "青山不改绿水长流")
	w.screen.Tap(lang.T("officers.phrase"))
	if given[w.other] != "青山不改绿水长流" {
		t.Errorf("given %v", given)
	}
}

// scaled notes the text size asked of the shell.
type scaled struct {
	*stage
	scale   float32
	rebuilt int
}

func (s *scaled) SetTextScale(scale float32) { s.scale = scale }
func (s *scaled) Rebuild()                   { s.rebuilt++ }

func TestMachineSettingsAreKept(t *testing.T) {
	w := newWorld(t)
	host := &scaled{stage: w.host}
	w.env.Host = host
	var tongue []string
	w.env.UseLanguage = func(tag string) error {
		tongue = append(tongue, tag)
		if tag == "en" {
			uitest.Language(t, tag)
		}
		return nil
	}
	s := NewSettings(w.env, "")
	w.show(s)
	w.screen.Tap(lang.T("settings.machine"))
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("settings-machine")
	w.screen.Tap("125%")
	w.screen.Tap("15" + lang.T("settings.minutes"))
	w.screen.Tap("English")
	if w.env.Prefs.Get(PrefScale) != "1.25" || host.scale != 1.25 || w.env.Prefs.Get(PrefLock) != "15" || w.env.Prefs.Get(PrefLanguage) != "en" || host.rebuilt != 1 {
		t.Errorf("prefs %v, scale %v, rebuilt %d", w.env.Prefs, host.scale, host.rebuilt)
	}
	if strings.Join(tongue, ",") != "en" {
		t.Errorf("languages %v", tongue)
	}
	again := NewSettings(w.env, "")
	again.Restore(s.State())
	w.show(again)
	w.screen.MustSee("This computer", "Text size")
	for scale, want := range map[string]int{"1.50": 150, "1.10": 110, "": 100, "rubbish": 100} {
		if got := percent(scale); got != strconv.Itoa(want) {
			t.Errorf("%q is %s %%", scale, got)
		}
	}
	w.env.UseLanguage = func(string) error { return errors.New("界面文字文件 zh.json 打不开，请重新安装程序") }
	w.screen.Tap("中文")
	w.screen.MustSee("请重新安装程序")
	if w.env.Prefs.Get(PrefLanguage) != "en" {
		t.Error("a language that could not be loaded was kept")
	}
}
