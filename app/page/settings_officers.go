package page

import (
	"cmp"
	"context"
	"time"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// officers lists the people of the bureau with their certificates.
type officers struct {
	*recordPage[model.Officer, *model.Officer]
	env    *Env // also while the list is being made, which may open a record
	notice int  // days before its end that a certificate is warned of
}

func newOfficers(env *Env, arg string) *officers {
	p := &officers{env: env, notice: noticeDays(env)}
	validTo := func(v *model.Officer) string { return string(v.ValidTo) }
	p.recordPage = newRecordPage[model.Officer](env, recordSpec[model.Officer]{
		Place: "settings", Icon: fynetheme.AccountIcon(), Empty: lang.T("officers.empty"), New: lang.T("officers.new"),
		Columns: []widgets.Column[kept[model.Officer]]{
			textColumn(lang.T("officers.col.name"), 0, 0, func(v *model.Officer) string { return v.Name }),
			textColumn(lang.T("officers.col.role"), 70, 300, roleLabel),
			textColumn(lang.T("officers.col.cert"), 120, 420, func(v *model.Officer) string { return v.CertNo }),
			{Title: lang.T("officers.col.validto"), Width: 92,
				Cell:    func(k kept[model.Officer]) string { return validTo(k.Value) },
				Tone:    func(k kept[model.Officer]) theme.Tone { return certificateTone(k.Value, env.Now(), p.notice) },
				Compare: func(a, b kept[model.Officer]) int { return cmp.Compare(validTo(a.Value), validTo(b.Value)) }},
		},
		Open: p.openOne,
	}, arg)
	return p
}

// roleLabel is an officer's role in the language of the screen.
func roleLabel(v *model.Officer) string {
	words := map[string]string{model.RoleInspector: lang.T("role.inspector"), model.RoleAssistant: lang.T("role.assistant"),
		model.RoleReviewer: lang.T("role.reviewer"), model.RoleApprover: lang.T("role.approver")}
	if w, ok := words[v.Role]; ok {
		return w
	}
	return v.Role
}

// noticeDays is how long before its end the law table warns of a certificate.
func noticeDays(env *Env) int {
	p, err := env.Desk.Law.Parameter("certificate.notice_days", env.Now(), "")
	if err != nil {
		return 0 // an office's own table may leave it out: then only the end itself is told
	}
	return int(p.Value())
}

// certificateTone: ended, ending soon, in force; nothing to say without a last day.
func certificateTone(v *model.Officer, now time.Time, notice int) theme.Tone {
	switch today := model.DateOf(now); {
	case v.ValidTo == "" || v.CertNo == "":
		return theme.Neutral
	case v.ValidTo < today || v.Suspended:
		return theme.Bad
	case v.ValidTo <= model.DateOf(now.AddDate(0, 0, notice)):
		return theme.Warning
	}
	return theme.Good
}

func (p *officers) openOne(k kept[model.Officer]) (detail, error) {
	d, err := newRegisterDetail[model.Officer](p.env, "officer", k, doubtOf{question: "cert_no", judge: func(text string) string { return doubt(statute.CheckCertNo(text), text) }},
		doubtOf{question: "valid_to", judge: p.doubtValid})
	if err != nil {
		return nil, err
	}
	d.flags = []string{"suspended"}
	d.write = func(v *model.Officer) error {
		if v.CertNo != "" {
			v.CertNo = statute.CheckCertNo(v.CertNo).Normal
		}
		return nil
	}
	if k.ID != "" {
		d.acts = []widgets.Action{{Label: lang.T("officers.phrase"), Icon: fynetheme.LoginIcon(), Do: func() { p.askPhrase(k) }}}
	}
	return d, nil
}

// doubtValid warns of a certificate that has ended or is about to.
func (p *officers) doubtValid(text string) string {
	v := &model.Officer{CertNo: "-", ValidTo: model.Date(text)}
	switch certificateTone(v, p.env.Now(), p.notice) {
	case theme.Bad:
		return lang.T("officers.expired")
	case theme.Warning:
		return lang.T("officers.expiring", "n", p.notice)
	}
	return ""
}

// askPhrase gives an officer a passphrase of their own on this laptop.
func (p *officers) askPhrase(k kept[model.Officer]) {
	dialogs.Passphrase(p.env.Host.Window(), dialogs.PassphrasePrompt{Title: lang.T("officers.phrase.title", "name", k.Value.Name), Text: lang.T("officers.phrase.text"),
		Verb: lang.T("officers.phrase"), Repeat: true,
		Check: func(text string) error {
			if problem := phraseProblem(text); problem != "" {
				return sentence(problem)
			}
			return nil
		},
		OK: func(phrase string) {
			p.env.Host.Run(lang.T("officers.phrase"), func(ctx context.Context, _ func(float64, string)) error { return p.env.AddOfficer(ctx, k.ID, phrase) },
				func(err error) {
					if err != nil {
						showError(p.env, err)
						return
					}
					p.env.Host.Toast(lang.T("officers.phrase.done", "name", k.Value.Name), theme.Good)
				})
		}})
}
