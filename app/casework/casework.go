// Package casework holds the use cases of an office: import the registers,
// accept a lead, plan, approve and announce a visit, record it, take the wage
// roll, order rectification, take a statement, serve a paper, keep evidence.
// Desktop and terminal call the same functions.
//
// It decides what the law lets happen and says why not, with the article
// (see Gate); it turns what was found into the fields of papers, so that
// nothing is typed twice; and it commits each act as one batch. It knows no
// screen, no SQL, no PDF and no network: it declares the interfaces it needs
// and the mains give it the rooms behind them.
package casework

import (
	"context"
	"fmt"
	"io"
	"time"

	"anxin/forms"
	"anxin/model"
	"anxin/model/statute"
)

// Journal is the one way in for every change, and the way to read back.
type Journal interface {
	Commit(context.Context, model.Batch) ([]model.Revision, error)
	Head(context.Context, model.ID) (model.Head, error)
	List(context.Context, model.Query) ([]model.Head, error)
	Count(context.Context, model.Query) (int, error)
	// History is every revision of a record, oldest first.
	History(context.Context, model.ID) ([]model.Revision, error)
	NextNumber(ctx context.Context, series string) (int, error)
}

// Blobs keeps bytes by their SHA-256.
type Blobs interface {
	Put(context.Context, io.Reader) (model.BlobInfo, error)
	// Get opens bytes and tells their size; the error wraps model.ErrNotFound
	// when they are not here.
	Get(ctx context.Context, sha256 string) (io.ReadSeekCloser, int64, error)
}

// Paper is one document to be set: what a template needs and nothing else.
type Paper struct {
	Type       string // an edition, see model.EditionOf
	Fields     map[string]any
	Number     string
	Token      string
	Attachment []byte // canonical JSON the paper is made from
	Issued     time.Time
	Mark       string // 草稿, 副本, 作废, 样张
	// Images are the prints that image fields name, by their SHA-256 in
	// hexadecimal figures.
	Images map[string][]byte
}

// PaperField is a field a template declares; Columns are those of its rows.
type PaperField struct {
	Name     string
	Kind     string   // text, date, time, money, flag, choice, choices, rows, image
	Label    string   // for screens and error texts
	Required bool     // must be filled before issue
	Options  []string // of a choice
	Columns  []string
	// ColumnKinds are the kinds of the columns, in their order.
	ColumnKinds []string
}

// Press sets papers. Print must be a pure function of the paper.
type Press interface {
	Print(Paper) (pdf []byte, pages int, err error)
	// Fields are what the template of an edition prints; nil when there is none.
	Fields(edition string) []PaperField
	Title(edition string) string
	// TitleFor is the title of a document with its fields: that of a variant,
	// where the template has one.
	TitleFor(edition string, fields map[string]any) string
	// Copies are the names of the copies an edition is printed in, none where
	// there is one only.
	Copies(edition string) []string
	// Picture makes the print of a photo; the same bytes give the same print.
	Picture(raw []byte) ([]byte, error)
}

// Sealer gives the canonical form of a document and the token of its QR code.
type Sealer interface {
	Canonical(any) ([]byte, error)
	Token(model.Claim) (string, error)
}

// Rooms is what a Desk works with; all are needed.
type Rooms struct {
	Journal   Journal
	Blobs     Blobs
	Press     Press
	Seal      Sealer
	Law       *statute.Law
	Checklist *forms.Form // the site checklist with its law columns
	// Form opens the form of a type of document by its id; nil where documents
	// are only drafted by the acts they belong to.
	Form func(id string) (*forms.Form, error)
	// Newest is the version of the form package in force for a type of document,
	// "" where what the program carries is used; nil where there are none.
	Newest func(docType string) string
	// DaybookForms are the ids of the forms that describe a daybook.
	DaybookForms []string
	// Lists are the registers that forms choose from; nil for none.
	Lists forms.Lists
	// Numbers is the register of numbers of this laptop; nil where nothing but
	// the next number is asked for.
	Numbers NumberBook
	// Merge joins what two officers changed apart, and names the members that
	// people must settle; nil where no conflict is settled.
	Merge func(kind model.Kind, base, ours, theirs []byte) (merged []byte, fields []string, err error)
	Clock model.Clock
	IDs   model.IDs
	// Device names this laptop on what is signed on its screen.
	Device string
}

// Desk is the work of one officer. It is safe for use from several goroutines
// as far as its rooms are.
type Desk struct {
	Rooms
	me model.ID
}

// NewDesk is the desk of the officer who unlocked the laptop.
func NewDesk(rooms Rooms, officer model.ID) *Desk { return &Desk{Rooms: rooms, me: officer} }

// Officer is who acts at this desk.
func (d *Desk) Officer() model.ID { return d.me }

// load reads a record's head as type T together with the revision it stands at.
func load[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk, id model.ID) (*T, model.Rev, error) {
	var none T
	kind := P(&none).Kind()
	if id == "" {
		return nil, "", fmt.Errorf("%s没有填写: %w", kindName(kind), model.ErrNotFound)
	}
	h, err := d.Journal.Head(ctx, id)
	if err == nil {
		h, err = d.standing(ctx, h) // what was merged is read as what it was merged into
	}
	if err != nil {
		return nil, "", fmt.Errorf("打开%s: %w", kindName(kind), err)
	}
	if h.Kind != kind {
		return nil, "", fmt.Errorf("编号 %s 是%s，不是%s: %w", id, kindName(h.Kind), kindName(kind), model.ErrNotFound)
	}
	v, err := model.As[T, P](h.Body)
	if err != nil {
		return nil, "", err
	}
	return v, h.Rev, nil
}

// all reads every head of a query as type T, by id, in the query's order.
func all[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk, q model.Query) ([]Kept[T], error) {
	var none T
	q.Kind = P(&none).Kind()
	if q.Limit == 0 {
		q.Limit = 100000
	}
	heads, err := d.Journal.List(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("列出%s: %w", kindName(q.Kind), err)
	}
	out := make([]Kept[T], 0, len(heads))
	for _, h := range heads {
		v, err := model.As[T, P](h.Body)
		if err != nil {
			return nil, err
		}
		out = append(out, Kept[T]{ID: h.ID, Rev: h.Rev, Value: v})
	}
	return out, nil
}

// Kept is a record as it was read: its id, the revision it stands at, its value.
type Kept[T any] struct {
	ID    model.ID
	Rev   model.Rev
	Value *T
}

// commit writes one act. It returns the id of the first change.
func (d *Desk) commit(ctx context.Context, changes ...model.Change) (model.ID, error) {
	revs, err := d.Journal.Commit(ctx, model.Batch{Author: d.me, Changes: changes})
	if err != nil {
		return "", err
	}
	return revs[0].Record, nil
}

// Save writes a register record or a draft as a page edited it: id "" creates
// it, base is the revision it was read at. States and issued papers are not
// changed this way: the acts below do that.
func (d *Desk) Save(ctx context.Context, id model.ID, base model.Rev, r model.Record) (model.ID, error) {
	if err := d.mayEdit(ctx, id, r); err != nil {
		return "", err
	}
	if o, ok := r.(*model.Office); ok {
		if err := d.checkNumbering(o); err != nil {
			return "", err
		}
	}
	if id == "" {
		id = d.IDs.NewID()
	}
	return d.commit(ctx, model.Change{ID: id, Base: base, Record: r})
}

// mayEdit refuses an edit that would move a state past its act.
func (d *Desk) mayEdit(ctx context.Context, id model.ID, r model.Record) error {
	was := map[model.Kind]string{model.KindLead: model.LeadRegistered, model.KindInspection: model.InspectionPlanned,
		model.KindDocument: model.DocumentDraft, model.KindInterview: model.InterviewDraft}[r.Kind()]
	if id != "" {
		h, err := d.Journal.Head(ctx, id)
		if err != nil {
			return fmt.Errorf("打开%s: %w", kindName(r.Kind()), err)
		}
		was = h.Summary.State
	} else if r.Kind() == model.KindDraw || r.Kind() == model.KindPayment || r.Kind() == model.KindService || r.Kind() == model.KindCase {
		return fmt.Errorf("%s不能直接新建，请用办理按钮", kindName(r.Kind()))
	}
	if settled[was] || id != "" && r.Kind() == model.KindService {
		return fmt.Errorf("%s已经办结（%s），内容不能再修改；确有错误的，请在文书上更正或者另行记录", kindName(r.Kind()), was)
	}
	if stateful[r.Kind()] && r.Summary().State != was {
		return fmt.Errorf("%s的状态不能直接改为“%s”，请使用办理按钮", kindName(r.Kind()), r.Summary().State)
	}
	return nil
}

// settled are the states after which a record stands as it was taken down and
// read to the person who signed it.
var settled = map[string]bool{model.InspectionRecorded: true, model.InterviewDone: true, model.LeadRejected: true, model.LeadTransferred: true}

// stateful kinds change their state only by an act that the law knows.
var stateful = map[model.Kind]bool{model.KindLead: true, model.KindCase: true, model.KindInspection: true,
	model.KindDocument: true, model.KindInterview: true, model.KindDraw: true, model.KindPayment: true}

var kindNames = map[model.Kind]string{
	model.KindOffice: "单位设置", model.KindOfficer: "执法人员", model.KindGrid: "网格", model.KindEmployer: "用人单位",
	model.KindSite: "工程项目", model.KindLead: "线索", model.KindCase: "案件", model.KindInspection: "检查",
	model.KindWageRoll: "工资表", model.KindInterview: "询问笔录", model.KindDocument: "文书", model.KindService: "送达",
	model.KindEvidence: "证据", model.KindCustody: "证据保管记录", model.KindIssuerKey: "签发密钥", model.KindFormPackage: "表单包",
	model.KindDraw: "随机抽查", model.KindPayment: "支付记录", model.KindContact: "联系记录", model.KindEntry: "台账登记",
}

func kindName(k model.Kind) string {
	if n, ok := kindNames[k]; ok {
		return n
	}
	return string(k)
}

// Office reads the office's settings: the record this laptop knew first. A
// laptop that was set up by itself and joined a hub later keeps its own words
// until an officer changes them; see Offices.
func (d *Desk) Office(ctx context.Context) (Kept[model.Office], error) {
	list, err := d.Offices(ctx)
	if err != nil {
		return Kept[model.Office]{}, err
	}
	if len(list) == 0 {
		return Kept[model.Office]{}, fmt.Errorf("还没有填写单位名称，请先在“设置”中填写: %w", model.ErrNotFound)
	}
	return list[len(list)-1], nil
}

// Offices are all records of the kind, the newest known first. More than one
// means that laptops were set up apart.
func (d *Desk) Offices(ctx context.Context) ([]Kept[model.Office], error) {
	return all[model.Office](ctx, d, model.Query{})
}

// day is the day of an instant at midnight, for clocks.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// Who is the officer at this desk.
func (d *Desk) Who(ctx context.Context) (*model.Officer, error) {
	o, _, err := load[model.Officer](ctx, d, d.me)
	return o, err
}
