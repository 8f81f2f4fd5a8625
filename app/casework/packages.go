package casework

import (
	"context"
	"fmt"
	"strings"

	"anxin/forms"
	"anxin/model"
)

// newest is the version a new document of a type is drafted on.
func (d *Desk) newest(docType string) string {
	if d.Newest == nil {
		return ""
	}
	return d.Newest(docType)
}

// Packages lists the form packages of the office, withdrawn ones included.
func (d *Desk) Packages(ctx context.Context) ([]Kept[model.FormPackage], error) {
	return all[model.FormPackage](ctx, d, model.Query{})
}

// InstallPackage enters a form package whose file has been checked. The same
// file again is the package that is there already; another file for the same
// form and version is refused: an edition never changes.
func (d *Desk) InstallPackage(ctx context.Context, p model.FormPackage) (model.ID, error) {
	there, err := all[model.FormPackage](ctx, d, model.Query{Number: model.EditionOf(p.Form, p.Version)})
	if err != nil {
		return "", err
	}
	for _, k := range there {
		switch {
		case k.Value.SHA256 != p.SHA256:
			return "", fmt.Errorf("表单 %s 的版本 %s 已经安装，内容与这个文件不同；同一版本不能改动，请换一个版本号: %w", p.Form, p.Version, model.ErrFrozen)
		case k.Value.State == model.FormPackageWithdrawn:
			return "", fmt.Errorf("表单 %s 的版本 %s 已经停用，不能恢复，请安装新的版本: %w", p.Form, p.Version, model.ErrFrozen)
		}
		return k.ID, nil
	}
	p.State, p.Withdrawn = model.FormPackageInstalled, nil
	return d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &p})
}

// WithdrawPackage takes a form package out of use. What was drafted on it
// stays on it.
func (d *Desk) WithdrawPackage(ctx context.Context, id model.ID, reason string) error {
	p, rev, err := load[model.FormPackage](ctx, d, id)
	if err != nil {
		return err
	}
	if p.State == model.FormPackageWithdrawn {
		return fmt.Errorf("表单 %s 的版本 %s 已经停用", p.Form, p.Version)
	}
	if strings.TrimSpace(reason) == "" {
		return fmt.Errorf("请写明停用 %s 版本 %s 的理由", p.Form, p.Version)
	}
	p.State = model.FormPackageWithdrawn
	p.Withdrawn = &model.Withdrawal{At: d.Clock.Now(), By: d.me, Reason: reason}
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: p})
	return err
}

// MovePreview says what would change if a draft went over to the form package
// in force today: its version ("" for what the program carries) and the
// differences, question by question. Nothing is kept.
func (d *Desk) MovePreview(ctx context.Context, id model.ID) (version string, changes []forms.Change, err error) {
	doc, _, err := load[model.Document](ctx, d, id)
	if err != nil {
		return "", nil, err
	}
	_, changes, err = d.move(ctx, doc)
	return d.newest(doc.Type), changes, err
}

// MoveDraft puts a draft on the form package in force today, its answers with
// it, and returns what changed. Answers the new form has no place for are
// among the changes; they stay in the draft's history.
func (d *Desk) MoveDraft(ctx context.Context, id model.ID) ([]forms.Change, error) {
	doc, rev, err := load[model.Document](ctx, d, id)
	if err != nil {
		return nil, err
	}
	moved, changes, err := d.move(ctx, doc)
	if err != nil {
		return nil, err
	}
	answers, err := moved.Flat()
	if err != nil {
		return nil, fmt.Errorf("表单“%s”: %w", doc.Type, err)
	}
	doc.Version = d.newest(doc.Type)
	doc.Fields = d.known(doc.Edition(), answers)
	d.settle(doc)
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: doc})
	return changes, err
}

// move opens a draft on its own form and carries it over to the one in force.
func (d *Desk) move(ctx context.Context, doc *model.Document) (*forms.Instance, []forms.Change, error) {
	if doc.State != model.DocumentDraft {
		return nil, nil, fmt.Errorf("文书的状态是“%s”，不能再换表单: %w", doc.State, model.ErrFrozen)
	}
	if d.newest(doc.Type) == doc.Version {
		return nil, nil, fmt.Errorf("%s已经是现行的表单", doc.Title)
	}
	before, err := d.PaperForm(doc.Edition())
	if err != nil {
		return nil, nil, err
	}
	after, err := d.PaperForm(model.EditionOf(doc.Type, d.newest(doc.Type)))
	if err != nil {
		return nil, nil, err
	}
	given, err := d.PaperAnswers(ctx, doc)
	if err != nil {
		return nil, nil, err
	}
	in, err := d.fillIn(before, given)
	if err != nil {
		return nil, nil, err
	}
	return in.MoveTo(after)
}
