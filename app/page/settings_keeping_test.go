package page

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// safe stands for the keeping of the data.
type safe struct {
	is      VaultStanding
	fail    error
	copied  []string
	phrases [][2]string
	written []string
	behind  time.Duration
	reason  string
}

func (s *safe) ClockBehind(context.Context) (time.Duration, error) { return s.behind, s.fail }

func (s *safe) ConfirmClock(_ context.Context, reason string) error {
	s.behind, s.reason = 0, reason
	return s.fail
}

func (s *safe) Standing(context.Context) (VaultStanding, error) { return s.is, nil }

func (s *safe) Backup(_ context.Context, path string, tell func(float64, string)) (Backup, error) {
	tell(0.5, "复制数据")
	s.copied = append(s.copied, path)
	return Backup{Records: 12, Files: 3, Bytes: 5 << 20, Missing: []string{"证据“照片1”"}}, s.fail
}

func (s *safe) ChangePassphrase(_ context.Context, old, fresh string) error {
	s.phrases = append(s.phrases, [2]string{old, fresh})
	return s.fail
}

func (s *safe) MakeRecovery(_ context.Context, path string) (string, error) {
	s.written = append(s.written, path)
	s.is.Recoveries++
	return "cHJpdmF0ZQ==", s.fail
}

func (s *safe) Trust(_ context.Context, on bool) error {
	if s.fail == nil {
		s.is.Trusted = on
	}
	return s.fail
}

func (s *safe) SignBy(_ context.Context, alg string) error {
	s.is.Algorithm = alg
	return s.fail
}

func (s *safe) WriteKeys(_ context.Context, path string) error {
	s.written = append(s.written, path)
	return s.fail
}

// safe puts an imitation of the keeping behind the pages.
func (w *world) safe() *safe {
	s := &safe{is: VaultStanding{Device: "01990000-0000-7000-8000-000000000001", KeyID: "k-1a2b3c", Epoch: 2,
		Keys: []model.PublicKey{{ID: "k-1a2b3c", Device: "01990000-0000-7000-8000-000000000001", Name: "桃花源县人社局"},
			{ID: "k-9f8e7d", Alg: model.AlgSM2, Device: "x", Name: "二队", From: w.clock.Now(), Revoked: w.clock.Now()}}}}
	w.env.Vault = s
	return s
}

// wide gives a page the room it has at 1366×768.
func (w *world) wide() { w.screen.Resize(1366-168, 768-60) }

func TestDataIsBackedUp(t *testing.T) {
	w := newWorld(t)
	s := w.safe()
	p := NewSettings(w.env, "")
	w.show(p)
	w.wide()
	w.screen.Tap(lang.T("settings.vault"))
	w.screen.MustSee(lang.T("vault.backup.never"), lang.T("vault.recovery.none"), "从备份恢复", "k-9f8e7d", lang.T("vault.keys.revoked", "day", "2026-09-18"))
	w.screen.Capture("settings-vault")
	path := filepath.Join(t.TempDir(), "一.anxin")
	uitest.AnswerFiles(t, path, path, path)
	s.fail = errors.New("“一.anxin”已经存在，请换一个文件名")
	w.screen.Tap(lang.T("vault.backup"))
	w.screen.MustSee("已经存在")
	w.screen.Tap(lang.T("dialog.close"))
	s.fail = context.Canceled
	w.screen.Tap(lang.T("vault.backup"))
	if got := w.host.said[len(w.host.said)-1]; got != lang.T("work.stopped", "act", lang.T("vault.backup.doing")) {
		t.Errorf("said %q", got)
	}
	w.screen.MustSee(lang.T("vault.backup.never"))
	s.fail = nil
	w.screen.Tap(lang.T("vault.backup"))
	w.screen.MustSee("12 条记录", "5.0 MB", "证据“照片1”", lang.T("vault.backup.norecovery"))
	w.screen.Capture("settings-backup")
	w.screen.Press(fyne.KeyEscape)
	w.screen.MustNotSee(lang.T("vault.backup.never"))
	if len(s.copied) != 3 || s.copied[2] != path {
		t.Errorf("copied to %q", s.copied)
	}
}

func TestRecoveryKeyIsShownOnce(t *testing.T) {
	w := newWorld(t)
	s := w.safe()
	w.show(NewSettings(w.env, ""))
	w.wide()
	w.screen.Tap(lang.T("settings.vault"))
	uitest.AnswerFiles(t, "/stick/key.txt")
	w.screen.Tap(lang.T("vault.recovery.make"))
	w.screen.MustSee("写入您选的文件")
	w.screen.Tap(lang.T("vault.recovery.where"))
	w.screen.MustSee("cHJpdmF0ZQ==", "/stick/key.txt")
	w.screen.Press(fyne.KeyEscape)
	w.screen.MustNotSee("cHJpdmF0ZQ==")
	w.screen.MustSee(lang.T("vault.recovery.n", "n", 1))
	if strings.Join(s.written, ",") != "/stick/key.txt" {
		t.Errorf("written %q", s.written)
	}
}

func TestPassphraseTrustAndSignature(t *testing.T) {
	w := newWorld(t)
	s := w.safe()
	w.show(NewSettings(w.env, ""))
	w.wide()
	w.screen.Tap(lang.T("settings.vault"))
	w.screen.Tap(lang.T("vault.phrase"))
	w.screen.Fill(lang.T("vault.phrase.new"), "短")
	w.screen.Fill(lang.T("dialog.passphrase.again"), "不同")
	w.tapLast(lang.T("vault.phrase"))
	w.screen.MustSee(lang.T("dialog.passphrase.empty"), lang.T("wizard.phrase.short", "n", shortPhrase), lang.T("dialog.passphrase.differ"))
	w.screen.Capture("settings-phrase")
	w.screen.Fill(lang.T("vault.phrase.old"), "青山不改 绿水长流")
	w.screen.Fill(lang.T("vault.phrase.new"), "日暮苍山远 天寒")
	w.screen.Fill(lang.T("dialog.passphrase.again"), "日暮苍山远 天寒")
	s.fail = model.ErrPassphrase
	w.tapLast(lang.T("vault.phrase"))
	w.screen.Tap(lang.T("dialog.close"))
	w.screen.MustSee(lang.T("vault.phrase.old")) // the dialog stands with what was typed
	s.fail = nil
	w.tapLast(lang.T("vault.phrase"))
	w.screen.MustNotSee(lang.T("vault.phrase.old"))
	if len(s.phrases) != 2 || s.phrases[1] != [2]string{"青山不改 绿水长流", "日暮苍山远 天寒"} {
		t.Errorf("phrases %q", s.phrases)
	}
	s.fail = errors.New("这台电脑没有可用的系统密钥环，请照常输入口令")
	w.screen.Tap(lang.T("vault.trust"))
	w.screen.MustSee("没有可用的系统密钥环")
	w.screen.Press(fyne.KeyEscape)
	s.fail = nil
	w.screen.Tap(lang.T("vault.trust"))
	w.screen.Tap(lang.T("vault.sm2"))
	if !s.is.Trusted || s.is.Algorithm != model.AlgSM2 {
		t.Errorf("stands %+v", s.is)
	}
	w.screen.Tap("Ed25519")
	if s.is.Algorithm != model.AlgEd25519 {
		t.Errorf("signs by %q", s.is.Algorithm)
	}
}

// tapLast taps the last button with a text: that of the dialog on top.
func (w *world) tapLast(text string) {
	w.Helper()
	list := w.screen.Buttons(text)
	if len(list) == 0 {
		w.Fatalf("no button says %q", text)
	}
	list[len(list)-1].Tapped(nil)
}

// shelf stands for the form packages.
type shelf struct {
	list []Edition
	got  [][2]string
	fail error
}

func (s *shelf) Editions(context.Context) ([]Edition, error) { return s.list, nil }

func (s *shelf) Install(_ context.Context, path, keys string) (Edition, error) {
	s.got = append(s.got, [2]string{path, keys})
	return Edition{Form: "D06", Version: "2026-07"}, s.fail
}

func TestFormPackagesAreInstalledAndWithdrawn(t *testing.T) {
	w := newWorld(t)
	s := &shelf{}
	w.env.Editions = s
	id, err := w.env.Desk.InstallPackage(t.Context(), model.FormPackage{Form: "D06", Version: "2026-07", ValidFrom: "2026-07-01", SHA256: "ab", File: []byte("x")})
	sure(t, err)
	p := NewSettings(w.env, "")
	w.show(p)
	w.wide()
	w.screen.Tap(lang.T("settings.packages"))
	w.screen.MustSee(lang.T("packages.empty"))
	w.screen.Capture("settings-packages-empty")
	s.list = []Edition{{ID: id, Form: "D06", Version: "2026-07", Title: "限期改正指令书", Law: "2026-01", From: "2026-07-01", InForce: true},
		{Form: "D06", Version: "2025-01", From: "2025-01-01", To: "2026-06-30", Withdrawn: true}, {Form: "checklist", Version: "3", From: "2026-01-01", Fault: "签名不认识"}}
	uitest.AnswerFiles(t, "/stick/D06.anxin", "/stick/keys.json", "/stick/D06.anxin")
	w.act(lang.T("packages.install"))
	w.screen.MustSee("D06 2026-07", lang.T("packages.inforce"), lang.T("packages.withdrawn"), "签名不认识", lang.T("packages.span", "from", "2025-01-01", "to", "2026-06-30"))
	w.screen.Capture("settings-packages")
	w.act(lang.T("packages.install.keys"))
	w.screen.Tap(lang.T("packages.keys.pick"))
	if len(s.got) != 2 || s.got[0] != [2]string{"/stick/D06.anxin", ""} || s.got[1] != [2]string{"/stick/D06.anxin", "/stick/keys.json"} {
		t.Errorf("installed %q", s.got)
	}
	w.screen.Tap(lang.T("packages.withdraw"))
	w.tapLast(lang.T("packages.withdraw"))
	w.screen.MustSee(lang.T("packages.withdraw.why"))
	w.screen.Fill(lang.T("leads.reason"), "改用新版本")
	w.tapLast(lang.T("packages.withdraw"))
	if k := only[model.FormPackage](w); k.Value.State != model.FormPackageWithdrawn || k.Value.Withdrawn.Reason != "改用新版本" {
		t.Errorf("withdrawn %+v", k.Value)
	}
}

func TestLawTablesAreReadAndSearched(t *testing.T) {
	w := newWorld(t)
	p := NewSettings(w.env, "")
	w.show(p)
	w.wide()
	w.screen.Tap(lang.T("settings.law"))
	w.screen.MustSee("决定是否受理投诉并立案", "5个工作日", "2005-02-01")
	w.screen.Capture("settings-law")
	p.FocusFirst()
	w.screen.Type("保证金")
	w.screen.MustNotSee("决定是否受理投诉并立案")
	w.screen.MustSee("50000.00–100000.00元")
	w.screen.Resize(900-48, 600-60)
	w.screen.Capture("settings-law-narrow")
}

func TestOfficeWritesItsNumbersItsOwnWay(t *testing.T) {
	w := newWorld(t)
	w.show(NewSettings(w.env, ""))
	w.wide()
	w.screen.Tap(lang.T("settings.numbers"))
	w.screen.MustSee("桃人社劳监令字〔2026〕第1号")
	w.screen.Capture("settings-numbers")
	w.screen.Tap("【2026】")
	w.screen.MustSee("桃人社劳监令字【2026】第1号")
	w.screen.Tap("桃人社劳监令字【2026】第1号")
	w.screen.Fill(lang.T("numbering.pattern"), "{word}改〔{year}〕号")
	w.tapLast(lang.T("page.save"))
	w.screen.MustSee("{n}应出现一次")
	w.screen.Capture("settings-pattern")
	w.screen.Fill(lang.T("numbering.pattern"), "{word}改〔{year}〕{n}号")
	w.tapLast(lang.T("page.save"))
	w.screen.MustSee("桃人社改【2026】1号", lang.T("numbering.own"))
	if v := only[model.Office](w).Value; v.Patterns["D06"] != "{word}改〔{year}〕{n}号" || v.Brackets != "【】" || v.Word != "桃人社" {
		t.Fatalf("saved %+v", v)
	}
	w.screen.Tap("桃人社改【2026】1号")
	w.screen.Fill(lang.T("numbering.pattern"), " ")
	w.screen.Fill(lang.T("numbering.pattern"), "")
	w.tapLast(lang.T("page.save"))
	w.screen.Tap("〔2026〕")
	if v := only[model.Office](w).Value; v.Patterns != nil || v.Brackets != "" {
		t.Errorf("back at the standard: %+v", v)
	}
}

func TestAboutNamesKeyAndLaw(t *testing.T) {
	w := newWorld(t)
	w.safe()
	w.show(NewSettings(w.env, ""))
	w.wide()
	w.screen.Tap(lang.T("settings.about"))
	w.screen.MustSee("k-1a2b3c", "第2期", "Open Font License")
	w.screen.Capture("settings-about")
}

// Every side of the settings is reached by its name, in both languages, and says
// what it is for.
func TestEverySideOfTheSettings(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.safe()
			w.env.Editions = &shelf{list: []Edition{{Form: "D06", Version: "2026-07", From: "2026-07-01", InForce: true}}}
			w.env.Prefs.Set(prefPrinter, "HP-LaserJet")
			uitest.Language(t, tag)
			w.show(NewSettings(w.env, ""))
			w.wide()
			expired := newRegisters(w.env).name(w.expired)
			for _, side := range []struct {
				name string
				see  []string
			}{
				{"settings.office", nil},
				{"settings.officers", []string{expired, "2025-12-31"}},
				{"settings.numbers", []string{"劳监令"}},
				{"settings.packages", []string{"2026-07"}},
				{"settings.law", []string{lang.T("law.col.title")}},
				{"settings.vault", []string{lang.T("vault.backup"), lang.T("vault.trust"), lang.T("vault.recovery.make")}},
				{"settings.machine", []string{lang.T("settings.language"), lang.T("settings.scale"), lang.T("settings.printers"), "HP-LaserJet", lang.T("settings.hub")}},
				{"settings.about", []string{lang.T("settings.version"), lang.T("settings.key"), lang.T("settings.lawversion"), lang.T("settings.libraries"), "Open Font License"}},
			} {
				w.screen.Tap(lang.T(side.name))
				w.screen.MustSee(side.see...)
				w.screen.Capture("settings-" + strings.TrimPrefix(side.name, "settings.") + "-" + tag)
			}
			w.screen.Tap(lang.T("settings.machine"))
			w.screen.Tap(lang.T("settings.hub.open"))
			if w.host.last() != [2]string{"sync", ""} {
				t.Errorf("went to %v", w.host.last())
			}
		})
	}
}

func TestPrinterIsChosen(t *testing.T) {
	w := newWorld(t)
	w.env.Prefs.Set(prefPrinter, "HP-LaserJet")
	w.show(NewSettings(w.env, ""))
	w.wide()
	w.screen.Tap(lang.T("settings.machine"))
	w.screen.MustSee(lang.T("print.isdefault", "name", "HP-LaserJet"))
	w.screen.Capture("settings-machine")
	w.screen.Tap(lang.T("print.duplex"))
	if w.env.Prefs.Get(prefDuplex) == "" {
		t.Error("printing on both sides was not kept")
	}
	w.screen.Pick(lang.T("print.printer"), lang.T("print.default"))
	if got := w.env.Prefs.Get(prefPrinter); got != "" {
		t.Errorf("the printer is %q", got)
	}
}
