package page

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// prefBackup is when this laptop was last copied, as a day.
const prefBackup = "backup.last"

// backupDays is after how many days without a copy one is reminded of it.
const backupDays = 7

// vault is the side of the settings on the keeping of the data: copies, keys,
// and who may open it.
type vault struct {
	reading
	env  *Env
	box  *fyne.Container
	is   VaultStanding
	acts *acts
}

func newVault(env *Env) *vault {
	v := &vault{env: env, box: container.NewVBox(), acts: &acts{env: env}}
	root, _ := widgets.NewFormScroll(container.NewPadded(v.box))
	v.content = root
	v.refresh()
	return v
}

// refresh reads how things stand and shows it.
func (v *vault) refresh() {
	var is VaultStanding
	v.env.Host.Run(lang.T("vault.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		is, err = v.env.Vault.Standing(ctx)
		return err
	}, func(err error) {
		if err != nil {
			showError(v.env, err)
			return
		}
		v.is = is
		v.box.Objects = []fyne.CanvasObject{v.copies(), v.opening(), v.signing(), v.keys()}
		v.box.Refresh()
	})
}

// copies is the card on backup, restore and the recovery key.
func (v *vault) copies() fyne.CanvasObject {
	copied := widgets.NewActionButton(widgets.Action{Label: lang.T("vault.backup"), Icon: fynetheme.DocumentSaveIcon(), Primary: true, Do: v.askBackup})
	recovery := widgets.NewActionButton(widgets.Action{Label: lang.T("vault.recovery.make"), Icon: fynetheme.ContentAddIcon(), Do: v.askRecovery})
	last, tone := lang.T("vault.backup.never"), theme.Warning
	if day := model.Date(v.env.Prefs.Get(prefBackup)); day != "" {
		last, tone = string(day), theme.Good
		if day < model.DateOf(v.env.Now().AddDate(0, 0, -backupDays)) {
			tone = theme.Warning
		}
	}
	known, knownTone := lang.T("vault.recovery.none"), theme.Warning
	if v.is.Recoveries > 0 {
		known, knownTone = lang.T("vault.recovery.n", "n", v.is.Recoveries), theme.Good
	}
	return widgets.NewSectionCard(lang.T("vault.copies"), container.NewVBox(
		widgets.NewFieldGrid(tagField(lang.T("vault.backup.last"), last, tone), tagField(lang.T("vault.recovery"), known, knownTone)),
		widgets.NewParagraph(lang.T("vault.restore.text")), widgets.NewParagraph(lang.T("vault.recovery.text")), widgets.NewFlow(copied, recovery)))
}

// tagDrop puts a tag on the line of its label.
const tagDrop = 4

// tagField shows a state as a tag beside its label.
func tagField(label, text string, tone theme.Tone) *widgets.Field {
	return widgets.NewField(label, container.New(layout.NewCustomPaddedLayout(tagDrop, 0, 0, 0), container.NewHBox(widgets.NewTag(text, tone))))
}

// askBackup asks where to and writes the backup, with a way to stop it.
func (v *vault) askBackup() {
	day := strings.ReplaceAll(string(model.DateOf(v.env.Now())), "-", "")
	dialogs.SaveFile(v.env.Host.Window(), lang.T("vault.backup.file", "day", day), v.backup)
}

func (v *vault) backup(path string) {
	var made Backup
	watched(v.env, lang.T("vault.backup.doing"), func(ctx context.Context, tell func(float64, string)) (err error) {
		made, err = v.env.Vault.Backup(ctx, path, tell)
		return err
	}, func() {
		v.env.Prefs.Set(prefBackup, string(model.DateOf(v.env.Now())))
		v.refresh()
		text := lang.T("vault.backup.done", "records", made.Records, "files", made.Files, "size", megabytes(made.Bytes))
		if len(made.Missing) > 0 {
			text += "\n" + lang.T("vault.backup.missing", "list", strings.Join(made.Missing, lang.T("sync.comma")))
		}
		if !made.Recovery {
			text += "\n" + lang.T("vault.backup.norecovery")
		}
		dialogs.Inform(v.env.Host.Window(), lang.T("vault.backup"), text)
	})
}

// megabytes writes a size of a file for a person.
func megabytes(bytes int64) string {
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MB"
}

// askRecovery explains, asks for a file, and shows the key this once.
func (v *vault) askRecovery() {
	dialogs.Confirm(v.env.Host.Window(), dialogs.Question{Title: lang.T("vault.recovery.make"), Text: lang.T("vault.recovery.explain"), Verb: lang.T("vault.recovery.where"),
		Yes: func() { dialogs.SaveFile(v.env.Host.Window(), lang.T("vault.recovery.file"), v.makeRecovery) }})
}

func (v *vault) makeRecovery(path string) {
	var private string
	v.acts.does("vault.recovery.make", func(ctx context.Context) ([]casework.Reason, error) {
		var err error
		private, err = v.env.Vault.MakeRecovery(ctx, path)
		return nil, err
	}, func() {
		v.refresh()
		text := widgets.NewCopyable(private)
		dialogs.Show(v.env.Host.Window(), lang.T("vault.recovery.show"), container.NewVBox(widgets.NewCard(text), widgets.NewParagraph(lang.T("vault.recovery.keep", "file", path))))
	})
}

// opening is the card on the passphrase and the trust in this machine.
func (v *vault) opening() fyne.CanvasObject {
	trust := widgets.NewCheck(lang.T("vault.trust"), nil)
	trust.Set(v.is.Trusted)
	trust.OnChanged = func(on bool) {
		v.acts.does("vault.trust.set", func(ctx context.Context) ([]casework.Reason, error) { return nil, v.env.Vault.Trust(ctx, on) }, v.refresh)
		if on != v.is.Trusted { // what is shown is what was done
			trust.Set(v.is.Trusted)
		}
	}
	change := widgets.NewActionButton(widgets.Action{Label: lang.T("vault.phrase"), Icon: fynetheme.LoginIcon(), Do: v.askPhrase})
	return widgets.NewSectionCard(lang.T("vault.opening"), container.NewVBox(trust, widgets.NewCaption(lang.T("vault.trust.hint")), container.NewHBox(change)))
}

// askPhrase asks for the old passphrase and the new one twice.
func (v *vault) askPhrase() {
	old, fresh, again := widgets.NewPassword(), widgets.NewPassword(), widgets.NewPassword()
	fields := []*widgets.Field{widgets.NewField(lang.T("vault.phrase.old"), old).Star().Span(), widgets.NewField(lang.T("vault.phrase.new"), fresh).Star().Span(),
		widgets.NewField(lang.T("dialog.passphrase.again"), again).Star().Span()}
	body := widgets.AtLeast(0, errorRoom, widgets.NewFieldGrid(fields...))
	dialogs.Custom(v.env.Host.Window(), lang.T("vault.phrase"), body, old, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("vault.phrase"), Primary: true, Do: func() {
			if phraseProblems(old.Text, fresh.Text, again.Text, fields) {
				body.Refresh()
				return
			}
			v.acts.does("vault.phrase", func(ctx context.Context) ([]casework.Reason, error) {
				return nil, v.env.Vault.ChangePassphrase(ctx, old.Text, fresh.Text)
			}, shut)
		}}}
	})
}

// phraseProblems shows what is wrong with a change of passphrase and tells
// whether anything is.
func phraseProblems(old, fresh, again string, fields []*widgets.Field) bool {
	says := make([]string, 3)
	if old == "" {
		says[0] = lang.T("dialog.passphrase.empty")
	}
	says[1] = phraseProblem(fresh)
	if fresh != again {
		says[2] = lang.T("dialog.passphrase.differ")
	}
	for i, f := range fields {
		f.SetError(says[i])
	}
	return strings.Join(says, "") != ""
}

// signing is the choice of how papers are signed.
func (v *vault) signing() fyne.CanvasObject {
	alg := widgets.NewSegments([]widgets.Option{{Key: algEd25519, Label: "Ed25519"}, {Key: model.AlgSM2, Label: lang.T("vault.sm2")}}, nil)
	alg.SetKey(algorithmKey(v.is.Algorithm))
	alg.OnPicked = func(key string) {
		if key == "" || key == algorithmKey(v.is.Algorithm) {
			alg.SetKey(algorithmKey(v.is.Algorithm))
			return
		}
		v.acts.does("vault.sign", func(ctx context.Context) ([]casework.Reason, error) {
			return nil, v.env.Vault.SignBy(ctx, strings.TrimPrefix(key, algEd25519))
		}, v.refresh)
		alg.SetKey(algorithmKey(v.is.Algorithm))
	}
	field := widgets.NewField(lang.T("vault.sign"), alg).Span()
	field.SetHint(lang.T("vault.sign.hint"))
	return widgets.NewSectionCard(lang.T("vault.signing"), widgets.NewFieldGrid(field))
}

// algEd25519 names the algorithm that the model writes as nothing.
const algEd25519 = "Ed25519"

func algorithmKey(alg string) string {
	if alg == model.AlgEd25519 {
		return algEd25519
	}
	return alg
}

// keys lists the keys papers may be signed with.
func (v *vault) keys() fyne.CanvasObject {
	export := widgets.NewQuietButton(lang.T("vault.keys.write"), fynetheme.DocumentSaveIcon(), func() {
		dialogs.SaveFile(v.env.Host.Window(), lang.T("vault.keys.file"), func(path string) {
			v.acts.does("vault.keys.write", func(ctx context.Context) ([]casework.Reason, error) { return nil, v.env.Vault.WriteKeys(ctx, path) }, func() {})
		})
	})
	lines := make([]line, len(v.is.Keys))
	for i, k := range v.is.Keys {
		tag, tone, since := algorithmKey(k.Alg), theme.Info, ""
		if !k.From.IsZero() {
			since = lang.T("vault.keys.from", "day", dayText(k.From.In(v.env.Now().Location())))
		}
		if !k.Revoked.IsZero() {
			tone, since = theme.Bad, joined(since, lang.T("vault.keys.revoked", "day", dayText(k.Revoked.In(v.env.Now().Location()))))
		}
		here := ""
		if k.Device == v.is.Device {
			here = lang.T("vault.keys.here")
		}
		lines[i] = line{Tag: tag, Tone: tone, Title: k.ID, Text: joined(k.Name, here), Note: since}
	}
	return widgets.NewSectionCard(lang.T("vault.keys", "n", len(lines)), rowsOf(lines), export)
}
