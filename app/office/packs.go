package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"anxin/app/casework"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/pack"
	"anxin/forms/paper"
	"anxin/model"
)

// Edition is an installed form package as this laptop sees it. Fault says why
// it cannot be used, "" if it can.
type Edition struct {
	ID      model.ID
	Record  *model.FormPackage
	Package *pack.Package
	Fault   string

	press *paper.Press // made when it is first printed on
}

// editions keeps what was read of the packages, by the SHA-256 of their files:
// a package never changes.
type editions struct {
	mu   sync.Mutex
	read map[string]*Edition
}

// Editions lists the installed form packages, the newest of a form first.
func (o *Office) Editions(ctx context.Context) ([]*Edition, error) {
	kept, err := o.Desk.Packages(ctx)
	if err != nil {
		return nil, err
	}
	o.packs.mu.Lock()
	defer o.packs.mu.Unlock()
	if o.packs.read == nil {
		o.packs.read = map[string]*Edition{}
	}
	trusted, err := o.IssuerKeys(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Edition
	files := map[string]string{} // edition to the file seen first
	for _, k := range kept {
		e := o.packs.read[k.Value.SHA256]
		if e == nil || e.Fault != "" { // a key may have come since
			e = open(k.Value, trusted)
			o.packs.read[k.Value.SHA256] = e
		}
		e.ID, e.Record = k.ID, k.Value
		name := model.EditionOf(k.Value.Form, k.Value.Version)
		if first, twice := files[name]; twice && first != k.Value.SHA256 {
			e.Fault = "同一版本有两个内容不同的包，请核对后停用其中一个，并改用新的版本号"
			o.packs.read[first].Fault = e.Fault
		}
		files[name] = k.Value.SHA256
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, newerFirst)
	return out, nil
}

func newerFirst(a, b *Edition) int {
	return -strings.Compare(order(a), order(b))
}

// order sorts editions by form, then by when they come into force, then by
// when they were made.
func order(e *Edition) string {
	s := e.Record.Form + "\x00" + string(e.Record.ValidFrom)
	if e.Package != nil {
		s += e.Package.Made.UTC().Format("\x0020060102150405")
	}
	return s + "\x00" + e.Record.Version
}

// open reads the file of a record and holds it against what the record says.
func open(r *model.FormPackage, trusted []model.PublicKey) *Edition {
	e := &Edition{Record: r}
	if r.Signer != nil {
		trusted = append(slices.Clone(trusted), *r.Signer)
	}
	if trusted == nil {
		trusted = []model.PublicKey{}
	}
	sum := sha256.Sum256(r.File)
	p, err := pack.Read(r.File, trusted)
	switch {
	case hex.EncodeToString(sum[:]) != r.SHA256:
		e.Fault = "记录里的文件与登记的摘要不符"
	case err != nil:
		e.Fault = err.Error()
	case p.Form != r.Form || p.Version != r.Version || p.ValidFrom != r.ValidFrom || p.ValidTo != r.ValidTo:
		e.Fault = "文件里的表单、版本或日期与登记的不符"
	default:
		e.Package = p
	}
	return e
}

// usable tells whether an edition may be taken for something new on a day.
func (e *Edition) usable(day model.Date) bool {
	return e.Fault == "" && e.Record.State == model.FormPackageInstalled && e.Package.In(day)
}

// Newest is the version of the newest package of a form in force today, ""
// where what the program carries is used.
func (o *Office) Newest(form string) string {
	e, err := o.inForce(context.Background(), form)
	if err != nil || e == nil {
		return ""
	}
	return e.Record.Version
}

// inForce is the newest package of a form in force today, nil if there is none.
func (o *Office) inForce(ctx context.Context, form string) (*Edition, error) {
	list, err := o.Editions(ctx)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(o.Now())
	for _, e := range list {
		if e.Record.Form == form && e.usable(today) {
			return e, nil
		}
	}
	return nil, nil
}

// edition finds the package of an edition with a version, withdrawn or not.
func (o *Office) edition(name string) (*Edition, error) {
	form, version, _ := strings.Cut(name, "@")
	list, err := o.Editions(context.Background())
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.Record.Form != form || e.Record.Version != version {
			continue
		}
		if e.Fault != "" {
			return nil, fmt.Errorf("表单包 %s 不能使用：%s", name, e.Fault)
		}
		return e, nil
	}
	return nil, fmt.Errorf("本机没有表单包 %s，请先与中心同步，或者安装这个版本", name)
}

// Form is the form of an edition: of an installed package ("D06@2026-07"), or
// without a version the one the program carries.
func (o *Office) Form(edition string) (*forms.Form, error) {
	if !strings.Contains(edition, "@") {
		return Form(edition)
	}
	e, err := o.edition(edition)
	if err != nil {
		return nil, err
	}
	return e.Package.Compiled, nil
}

// FormInForce is the form to begin something new with: of the newest package in
// force, else the one the program carries.
func (o *Office) FormInForce(id string) (*forms.Form, error) {
	e, err := o.inForce(context.Background(), id)
	if err != nil {
		return nil, err
	}
	if e != nil {
		return e.Package.Compiled, nil
	}
	return Form(id)
}

// takeForms has the desk work with the checklist in force today. Others are
// asked for when something new begins.
func (o *Office) takeForms() (err error) {
	if o.Checklist, err = o.FormInForce("checklist"); err != nil {
		return err
	}
	o.Desk.Checklist = o.Checklist
	return nil
}

// pressOf is the press that prints an edition: the program's templates with
// those of the package in their place.
func (o *Office) pressOf(edition string) (*paper.Press, error) {
	if !strings.Contains(edition, "@") {
		return o.Press, nil
	}
	e, err := o.edition(edition)
	if err != nil {
		return nil, err
	}
	o.packs.mu.Lock()
	defer o.packs.mu.Unlock()
	if e.press == nil {
		p, err := o.Press.With(papersOf(e))
		if err != nil {
			return nil, fmt.Errorf("表单包 %s 的模板: %w", edition, err)
		}
		e.press = p
	}
	return e.press, nil
}

// PressFor is the press that printed a PDF file of ours, to print it again and
// compare: that of its package if it has one and the package is here, else the
// program's own.
func (o *Office) PressFor(pdf string) *paper.Press {
	raw, err := readTarget(pdf)
	if err != nil || raw == nil {
		return o.Press // a token, or a file of which Verify will say what is wrong
	}
	sealed, err := paper.ReadPDF(raw)
	if err != nil {
		return o.Press
	}
	c, err := casework.PaperOf(sealed.Attachment, sealed.Token)
	if err != nil {
		return o.Press
	}
	if own, err := o.pressOf(c.Type); err == nil {
		return own
	}
	return o.Press
}

// typeOf is the document type of an edition.
func typeOf(edition string) string {
	docType, _, _ := strings.Cut(edition, "@")
	return docType
}

// presses is casework's press for every edition: each paper is printed on the
// templates it was drafted on.
type presses struct{ o *Office }

// Print implements casework.Press.
func (p presses) Print(c casework.Paper) ([]byte, int, error) {
	own, err := p.o.pressOf(c.Type)
	if err != nil {
		return nil, 0, err
	}
	return press{own}.Print(c)
}

// Fields implements casework.Press.
func (p presses) Fields(edition string) []casework.PaperField {
	own, err := p.o.pressOf(edition)
	if err != nil {
		return nil
	}
	return press{own}.Fields(typeOf(edition))
}

// Title implements casework.Press.
func (p presses) Title(edition string) string {
	own, err := p.o.pressOf(edition)
	if err != nil {
		return ""
	}
	return own.Title(typeOf(edition))
}

// TitleFor implements casework.Press.
func (p presses) TitleFor(edition string, fields map[string]any) string {
	own, err := p.o.pressOf(edition)
	if err != nil {
		return ""
	}
	return own.TitleFor(typeOf(edition), fields)
}

// Copies implements casework.Press.
func (p presses) Copies(edition string) []string {
	own, err := p.o.pressOf(edition)
	if err != nil {
		return nil
	}
	return own.Copies(typeOf(edition))
}

// Picture implements casework.Press.
func (presses) Picture(raw []byte) ([]byte, error) {
	return paper.PreparePicture(raw, paper.LongestSide)
}

// MakePackage makes the file of a form package, signed by this laptop.
func (o *Office) MakePackage(s pack.Source) ([]byte, error) {
	return pack.Make(s, o.Device(), o.Now())
}

// InstallPackage checks the file of a form package and enters it in the
// journal, from where every laptop of the office gets it. It must be signed by
// a device the office knows, or by one of the keys given with it, for which
// the officer vouches.
func (o *Office) InstallPackage(ctx context.Context, raw []byte, vouched []model.PublicKey) (*Edition, error) {
	known, err := o.IssuerKeys(ctx)
	if err != nil {
		return nil, err
	}
	p, err := pack.Read(raw, append(slices.Clone(known), vouched...))
	if err != nil {
		return nil, err
	}
	if _, err := o.Press.With(pack.Overlay{Base: assets.Papers, Files: p.Papers}); err != nil {
		return nil, fmt.Errorf("表单包的模板与程序自带的合在一起有误: %w", err)
	}
	r := model.FormPackage{Form: p.Form, Version: p.Version, Law: p.Law, ValidFrom: p.ValidFrom, ValidTo: p.ValidTo, SHA256: p.SHA256, File: raw}
	if !slices.ContainsFunc(known, func(k model.PublicKey) bool { return k.ID == p.KeyID }) {
		i := slices.IndexFunc(vouched, func(k model.PublicKey) bool { return k.ID == p.KeyID })
		if i < 0 {
			return nil, errors.New("表单包由不认识的设备签名，请先与中心同步，或者用制作单位给的密钥清单安装")
		}
		r.Signer = &vouched[i]
	}
	id, err := o.Desk.InstallPackage(ctx, r)
	if err != nil {
		return nil, err
	}
	return &Edition{ID: id, Record: &r, Package: p}, nil
}
