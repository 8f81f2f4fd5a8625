package page

import (
	"io/fs"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/shell"
	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/paper"
	"anxin/forms/xlsform"
	"anxin/model"
	"anxin/model/blob"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/statute"
	"anxin/model/store"
)

// world is a laptop in a test: a real store, real blobs, the law, the press,
// a screen and two officers with an employer and a site.
type world struct {
	testing.TB
	screen *uitest.Screen
	env    *Env
	clock  *modeltest.Clock
	store  *store.Store
	host   *stage
	papers *machines
	// waiting is what would happen after a while; a test lets it happen.
	waiting []func()

	me, other, expired model.ID
	employer, site     model.ID
}

// shared are the parts that are read only and slow to make.
var shared = sync.OnceValues(func() (struct {
	law   *statute.Law
	press *paper.Press
}, error) {
	var s struct {
		law   *statute.Law
		press *paper.Press
	}
	var err error
	if s.law, err = statute.Load(assets.Statute); err != nil {
		return s, err
	}
	s.press, err = paper.NewPress(assets.Papers, assets.Face)
	return s, err
})

func newWorld(t testing.TB) *world {
	t.Helper()
	s, err := shared()
	sure(t, err)
	w := &world{TB: t, screen: uitest.New(t), clock: modeltest.NewClock(0)}
	ids := &modeltest.IDs{Laptop: 1}
	w.me = ids.NewID()
	dir := t.TempDir()
	keys, err := seal.CreateKeys(dir, "a long passphrase", w.me, modeltest.FastParams())
	sure(t, err)
	device, err := keys.Device()
	sure(t, err)
	w.store, err = store.Open(t.Context(), store.Options{Dir: dir, Keys: keys, Device: device, Clock: w.clock, IDs: ids})
	sure(t, err)
	t.Cleanup(func() { sure(t, w.store.Close()) })
	blobs, err := blob.Open(dir, keys)
	sure(t, err)
	checklist, err := compiled("checklist")
	sure(t, err)
	w.host = &stage{win: w.screen.Win, counts: map[string]int{}}
	desk := casework.NewDesk(casework.Rooms{Journal: w.store, Blobs: blobs, Press: printer{s.press}, Seal: signer{w.store.Device()},
		Law: s.law, Checklist: checklist, Form: compiled, DaybookForms: daybookForms(t), Numbers: w.store, Merge: joins, Clock: w.clock, IDs: ids}, w.me)
	w.env = &Env{Host: w.host, Desk: desk, Form: compiled, Now: w.clock.Now, Version: "test", Prefs: uitest.Settings{}, Region: region,
		After: func(_ time.Duration, f func()) { w.waiting = append(w.waiting, f) }}
	w.papers = &machines{}
	w.env.Papers = w.papers
	w.furnish(s.law)
	return w
}

var places = sync.OnceValues(func() (*statute.Places, error) { return statute.LoadPlaces(assets.Statute) })

// region judges a region as the program does.
func region(text string) statute.Verdict {
	ps, err := places()
	if err != nil {
		return statute.Verdict{Reason: err.Error()}
	}
	return ps.Region(text)
}

// furnish writes the registers and gives the laptop its numbers.
func (w *world) furnish(law *statute.Law) {
	ctx := w.Context()
	expired := modeltest.Officer(3)
	expired.ValidTo = "2025-12-31"
	w.other, w.expired, w.employer, w.site = modeltest.ID(9, 1), modeltest.ID(9, 2), modeltest.ID(9, 3), modeltest.ID(9, 4)
	site := modeltest.Site(1, w.employer)
	site.Owner = "" // the employer is the general contractor and nobody else
	_, err := w.store.Commit(ctx, model.Batch{Author: w.me, Changes: []model.Change{
		{Record: modeltest.Office()},
		{ID: w.me, Record: modeltest.Officer(1)}, {ID: w.other, Record: modeltest.Officer(2)}, {ID: w.expired, Record: expired},
		{ID: w.employer, Record: modeltest.Employer(1)}, {ID: w.site, Record: site},
	}})
	sure(w, err)
	for _, d := range law.Catalogue(w.clock.Now(), "").All() {
		series, err := w.env.Desk.Series(d.ID, w.clock.Now())
		sure(w, err)
		if series != "" {
			// Two types may share a series; its second block is refused.
			_ = w.store.AddBlock(ctx, model.Block{Series: series, From: 1, To: 50, Next: 1, Device: w.store.Device().ID, Epoch: w.store.Device().Epoch, Source: "test"})
		}
	}
}

// show puts a page on the screen as the shell does.
func (w *world) show(p shell.Page) {
	w.host.page = p
	w.screen.Show(p.Content())
}

// tap taps an action of the page's toolbar.
func (w *world) act(label string) {
	w.Helper()
	for _, a := range w.host.page.(shell.Acter).Actions() {
		if a.Label == label {
			a.Do()
			w.screen.Settle()
			return
		}
	}
	w.Fatalf("the toolbar has no action %q", label)
}

// only reads the single record of a kind.
func only[T any, P recordOf[T]](w *world) kept[T] {
	w.Helper()
	list, err := readAll[T, P](w.env, model.Query{})
	sure(w, err)
	if len(list) != 1 {
		w.Fatalf("the journal has %d records of the kind, want 1", len(list))
	}
	return list[0]
}

func sure(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// compiled reads a form of the assets.
func compiled(id string) (*forms.Form, error) {
	src, err := fs.ReadFile(assets.Forms, id+".md")
	if err != nil {
		return nil, err
	}
	return xlsform.CompileMarkdown(string(src), id)
}

// printer is the press as the use cases want it.
type printer struct{ *paper.Press }

func (p printer) Print(in casework.Paper) ([]byte, int, error) {
	out, err := p.Press.Print(paper.Job{Type: in.Type, Fields: in.Fields, Number: in.Number, Token: in.Token, Attachment: in.Attachment, Issued: in.Issued, Mark: in.Mark, Images: in.Images})
	return out.PDF, out.Pages, err
}

func (printer) Picture(raw []byte) ([]byte, error) {
	return paper.PreparePicture(raw, paper.LongestSide)
}

func (p printer) Fields(docType string) []casework.PaperField {
	out := []casework.PaperField{{Name: "title", Kind: string(paper.Text)}}
	for _, f := range p.Press.Fields(docType) {
		field := casework.PaperField{Name: f.Name, Kind: string(f.Kind), Label: f.Label, Required: f.Required, Options: f.Options}
		for _, c := range f.Columns {
			field.Columns, field.ColumnKinds = append(field.Columns, c.Name), append(field.ColumnKinds, string(c.Kind))
		}
		out = append(out, field)
	}
	return out
}

// signer seals with the laptop's key.
type signer struct{ device seal.Device }

func (signer) Canonical(v any) ([]byte, error)       { return seal.Canonical(v) }
func (s signer) Token(c model.Claim) (string, error) { return seal.SignToken(c, s.device) }
func (s *stage) Run(_ string, work shell.Work, then func(error)) func() {
	if then == nil {
		then = func(err error) { s.failed = append(s.failed, err) }
	}
	return shell.Inline{}.Start(work, func(float64, string) {}, then)
}

// stage is the shell around a page in a test.
type stage struct {
	win    fyne.Window
	page   shell.Page
	went   [][2]string
	said   []string
	undo   func() // the last that was offered
	failed []error
	counts map[string]int
}

func (s *stage) Go(page, arg string)             { s.went = append(s.went, [2]string{page, arg}) }
func (s *stage) Say(text string)                 { s.said = append(s.said, text) }
func (s *stage) Toast(text string, _ theme.Tone) { s.said = append(s.said, text) }
func (s *stage) ToastUndo(text string, undo func()) {
	s.said, s.undo = append(s.said, text), undo
}
func (s *stage) Window() fyne.Window          { return s.win }
func (s *stage) ShowActions()                 {}
func (s *stage) SetCount(place string, n int) { s.counts[place] = n }
func (s *stage) SetTextScale(float32)         {}
func (s *stage) Rebuild()                     {}

// last is where the page sent one.
func (s *stage) last() [2]string {
	if len(s.went) == 0 {
		return [2]string{}
	}
	return s.went[len(s.went)-1]
}
