package page

import (
	"cmp"
	"encoding/json"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// prefContactDraft begins the names under which talks are kept that were begun
// and not yet written down, sealed as all settings of a laptop.
const prefContactDraft = "draft.contact."

// talkDraft is a talk as far as it was typed.
type talkDraft struct {
	Rev   model.Rev         `json:"rev,omitempty"` // of the entry that was being edited
	Texts map[string]string `json:"texts"`
}

// draftName is where the draft of an entry is kept, of a new one that of its log.
func (b *contactBox) draftName(entry model.ID) string {
	return prefContactDraft + string(cmp.Or(entry, b.of.Case, b.of.Site, b.of.Employer))
}

// draftOf is what was typed of an entry and not written down; one that was
// changed since is begun anew.
func (b *contactBox) draftOf(k kept[model.Contact]) (talkDraft, bool) {
	var d talkDraft
	err := json.Unmarshal([]byte(b.env.Prefs.Get(b.draftName(k.ID))), &d)
	return d, err == nil && d.Rev == k.Rev
}

func (b *contactBox) dropDraft(entry model.ID) { b.env.Prefs.Set(b.draftName(entry), "") }

// inputs are the inputs of a talk by the name of what they hold.
func (t *talk) inputs() map[string]*widgets.Entry {
	return map[string]*widgets.Entry{"person": t.person, "role": t.role, "phone": t.phone, "said": t.said, "next": t.next, "at": &t.at.Entry, "by": &t.by.Entry}
}

// keepDraft saves what is typed a moment after the typing stops, however the
// dialog is left; what is as it was is no draft.
func (t *talk) keepDraft() {
	before := t.texts()
	t.draft = newDraft(t.box.env, func() {
		now := t.texts()
		if sameTexts(before, now) {
			return
		}
		raw, err := json.Marshal(talkDraft{Rev: t.k.Rev, Texts: now})
		if err == nil { // texts by name
			t.box.env.Prefs.Set(t.box.draftName(t.k.ID), string(raw))
			t.box.reload()
		}
	})
	for _, e := range t.inputs() {
		changed := e.OnChanged
		e.OnChanged = func(text string) {
			if changed != nil {
				changed(text)
			}
			t.draft.touch()
		}
	}
	t.way.OnPicked = func(string) { t.draft.touch() }
}

func sameTexts(a, b map[string]string) bool {
	for name, text := range a {
		if b[name] != text {
			return false
		}
	}
	return true
}

func (t *talk) texts() map[string]string {
	out := map[string]string{"way": t.way.Key()}
	for name, e := range t.inputs() {
		out[name] = e.Text
	}
	return out
}

// takeUp fills in what was typed before.
func (t *talk) takeUp(d talkDraft) {
	for name, e := range t.inputs() {
		e.SetText(d.Texts[name])
	}
	t.way.SetKey(d.Texts["way"])
}

// draftLine stands above the log while a new entry waits to be finished.
func (b *contactBox) draftLine() (line, bool) {
	d, ok := b.draftOf(kept[model.Contact]{})
	if !ok {
		return line{}, false
	}
	return line{Tag: lang.T("state.draft"), Tone: theme.Warning, Title: d.Texts["person"], Text: d.Texts["said"], Note: lang.T("contacts.draft"), Wrap: true, Open: b.add}, true
}
