package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"anxin/forms"
	"anxin/forms/paper"
	"anxin/forms/xlsform"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/seal"
)

// Kind is what a bundle calls a form package.
const Kind = "form"

// Meta is what a package says of itself.
type Meta struct {
	Form      string     `json:"form"` // id of the form
	Version   string     `json:"version"`
	Title     string     `json:"title"`
	Law       string     `json:"law,omitempty"` // version of the law tables it was written for
	ValidFrom model.Date `json:"valid_from"`
	ValidTo   model.Date `json:"valid_to,omitempty"`
}

// Source is what a package is made from. Name tells what Form is: it ends in
// .md or .xlsx. Papers are templates and parts by file name.
type Source struct {
	Name      string
	Form      []byte
	Papers    map[string][]byte
	Law       string
	ValidFrom model.Date
	ValidTo   model.Date
}

// Package is a package that has been read and checked.
type Package struct {
	Meta
	SHA256   string // of the file, hex
	KeyID    string // of the key it is signed with
	Made     time.Time
	Compiled *forms.Form
	Name     string // of the source: form.md or form.xlsx
	Source   []byte
	Papers   map[string][]byte
}

const (
	formMember   = "form"
	papersMember = "papers/"
)

// versionRule keeps versions fit for file names and editions (see
// model.EditionOf).
var versionRule = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,39}$`)

// Make makes the file of a package, signed by a device. The same source, time
// and device give the same bytes. The error is a sentence about what is wrong
// with the source; for a form with faults it wraps an *xlsform.Error.
func Make(s Source, by seal.Device, at time.Time) ([]byte, error) {
	member := formMember + path.Ext(s.Name)
	form, err := compile(member, s.Form)
	if err != nil {
		return nil, err
	}
	meta := Meta{Form: form.ID, Version: form.Version, Title: form.Title.In("zh"), Law: s.Law, ValidFrom: s.ValidFrom, ValidTo: s.ValidTo}
	if err := meta.check(); err != nil {
		return nil, err
	}
	if err := checkPapers(s.Papers); err != nil {
		return nil, err
	}
	said, err := seal.Canonical(meta)
	if err != nil {
		return nil, fmt.Errorf("写出表单包: %w", err)
	}
	var b bytes.Buffer
	w, err := bundle.Create(&b, bundle.Header{Kind: Kind, Made: at, Meta: said}, by)
	if err != nil {
		return nil, fmt.Errorf("写出表单包: %w", err)
	}
	members := map[string][]byte{member: s.Form}
	for name, raw := range s.Papers {
		members[papersMember+name] = raw
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, err := w.Add(name, bytes.NewReader(members[name])); err != nil {
			return nil, fmt.Errorf("写出表单包: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("写出表单包: %w", err)
	}
	if b.Len() > model.MaxFormPackage {
		return nil, tooLarge(b.Len())
	}
	return b.Bytes(), nil
}

func tooLarge(size int) error {
	return fmt.Errorf("表单包有 %d KB，上限 %d KB，请删去模板里的图片", size>>10, model.MaxFormPackage>>10)
}

// Read reads the file of a package and checks all of it. trusted are the keys
// it may be signed with; nil takes any, whose KeyID is then for the caller to
// judge. The error is a sentence; a broken or unknown signature wraps an error
// of package bundle.
func Read(raw []byte, trusted []model.PublicKey) (*Package, error) {
	if len(raw) > model.MaxFormPackage {
		return nil, tooLarge(len(raw))
	}
	r, err := bundle.Open(bytes.NewReader(raw), int64(len(raw)), bundle.Options{Kind: Kind, Known: trusted})
	if err != nil {
		return nil, fmt.Errorf("打开表单包: %w", err)
	}
	if err := r.Verify(context.Background()); err != nil {
		return nil, fmt.Errorf("打开表单包: %w", err)
	}
	sum := sha256.Sum256(raw)
	m := r.Manifest()
	p := &Package{SHA256: hex.EncodeToString(sum[:]), KeyID: m.KeyID, Made: m.Made, Papers: map[string][]byte{}}
	if err := json.Unmarshal(m.Meta, &p.Meta); err != nil {
		return nil, errors.New("表单包的说明无法读取，请向制作方重新索取")
	}
	for _, member := range m.Members {
		content, err := r.Read(member.Name, model.MaxFormPackage)
		if err != nil {
			return nil, fmt.Errorf("打开表单包: %w", err)
		}
		if err := p.take(member.Name, content); err != nil {
			return nil, err
		}
	}
	return p, p.check()
}

// take puts a member where it belongs.
func (p *Package) take(name string, content []byte) error {
	switch {
	case path.Dir(name) == "." && strings.TrimSuffix(name, path.Ext(name)) == formMember && p.Name == "":
		p.Name, p.Source = name, content
	case strings.HasPrefix(name, papersMember):
		p.Papers[strings.TrimPrefix(name, papersMember)] = content
	default:
		return fmt.Errorf("表单包里有不认识的文件“%s”，可能由更新的程序制作，请升级本程序", name)
	}
	return nil
}

// check asks whether what is in the package is what it says.
func (p *Package) check() error {
	if p.Name == "" {
		return errors.New("表单包里没有表单，请向制作方重新索取")
	}
	form, err := compile(p.Name, p.Source)
	if err != nil {
		return err
	}
	if form.ID != p.Form || form.Version != p.Version {
		return fmt.Errorf("表单包自称是 %s@%s，里面的表单是 %s@%s，请向制作方重新索取", p.Form, p.Version, form.ID, form.Version)
	}
	p.Compiled = form
	if err := p.Meta.check(); err != nil {
		return err
	}
	return checkPapers(p.Papers)
}

// compile reads a form by what its file is called.
func compile(name string, source []byte) (form *forms.Form, err error) {
	switch path.Ext(name) {
	case ".md":
		form, err = xlsform.CompileMarkdown(string(source), formMember)
	case ".xlsx":
		form, err = xlsform.CompileWorkbook(bytes.NewReader(source), formMember)
	default:
		return nil, fmt.Errorf("表单“%s”应是 .md 或 .xlsx 文件", name)
	}
	if err != nil {
		return nil, fmt.Errorf("表单有误：\n%w", err)
	}
	return form, checkMedia(form)
}

// checkMedia refuses a form that shows pictures or plays sounds beside its
// questions: a package has no room for them, so nobody would see them.
func checkMedia(form *forms.Form) (err error) {
	refuse := func(q *forms.Question, owner string, media map[string]forms.Text) {
		if err == nil && len(media) > 0 {
			err = fmt.Errorf("%s 表第 %d 行%s带有 %s 列：表单包不放图片、录音和录像，打开时不会显示；请删去这一列，把要说的写进 label 或 hint",
				q.Source.Sheet, q.Source.Row, owner, slices.Sorted(maps.Keys(media))[0])
		}
	}
	form.Each(func(q *forms.Question) {
		refuse(q, "的“"+q.Name+"”", q.Media)
		for _, c := range q.Choices {
			refuse(q, "的选项“"+c.Name+"”", c.Media)
		}
	})
	return err
}

func (m Meta) check() error {
	switch {
	case m.Form == formMember:
		return errors.New("表单没有编号，请在 settings 表里写上 form_id")
	case !versionRule.MatchString(m.Version):
		return fmt.Errorf("表单的版本“%s”不能用，请在 settings 表的 version 列写上如 2026-07 的版本", m.Version)
	case !isDate(m.ValidFrom):
		return errors.New("表单包没有启用日期，请写上，如 2026-07-01")
	case m.ValidTo != "" && (!isDate(m.ValidTo) || m.ValidTo < m.ValidFrom):
		return errors.New("表单包的停用日期应不早于启用日期")
	}
	return nil
}

func isDate(d model.Date) bool { return !d.Time(time.UTC).IsZero() }

// checkPapers reads the templates as the press will; faces are not asked for.
func checkPapers(papers map[string][]byte) error {
	for name := range papers {
		if ext := path.Ext(name); ext != ".paper" && ext != ".part" {
			return fmt.Errorf("模板“%s”应是 .paper 或 .part 文件", name)
		}
	}
	_, err := paper.NewPress(Overlay{Files: papers}, func(string) ([]byte, error) { return nil, fs.ErrNotExist })
	if err != nil {
		return fmt.Errorf("表单包里的模板有误：%w", err)
	}
	return nil
}

// In tells whether the package is meant for a day.
func (m Meta) In(day model.Date) bool {
	return m.ValidFrom <= day && (m.ValidTo == "" || day <= m.ValidTo)
}
