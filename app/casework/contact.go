package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"anxin/model"
)

// NoteContact writes down a talk: a new one, or with id and base one that is
// put right or followed up. In a case it belongs to the parties of the case.
func (d *Desk) NoteContact(ctx context.Context, id model.ID, base model.Rev, c model.Contact) (model.ID, error) {
	c.Person, c.Said, c.Next = strings.TrimSpace(c.Person), strings.TrimSpace(c.Said), strings.TrimSpace(c.Next)
	if err := d.contactProblem(c); err != nil {
		return "", err
	}
	if c.Case != "" {
		k, _, err := load[model.Case](ctx, d, c.Case)
		if err != nil {
			return "", err
		}
		c.Employer, c.Site = k.Employer, k.Site
	}
	switch {
	case c.Employer == "" && c.Site == "":
		return "", fmt.Errorf("联系记录要归在案件、单位或者工地之下")
	case c.Next == "":
		c.State = ""
	case c.State == "":
		c.State = model.ContactOpen
	}
	if id == "" {
		id, c.By = d.IDs.NewID(), d.me
	}
	return d.commit(ctx, model.Change{ID: id, Base: base, Record: &c})
}

// contactProblem is what is missing of a talk or cannot be.
func (d *Desk) contactProblem(c model.Contact) error {
	switch {
	case c.Person == "":
		return fmt.Errorf("请填写联系了谁")
	case c.Said == "":
		return fmt.Errorf("请写明联系的内容")
	case !slices.Contains(model.ContactWays(), c.Way):
		return fmt.Errorf("请选择联系方式：%s", chineseList(model.ContactWays()))
	case c.At.IsZero() || c.At.After(d.Clock.Now()):
		return fmt.Errorf("联系时间应当是已经过去的时间，请核对")
	case c.NextBy != "" && c.Next == "":
		return fmt.Errorf("写了期限就要写明下一步做什么")
	}
	return nil
}

// FollowUp says that the step a contact led to is done.
func (d *Desk) FollowUp(ctx context.Context, id model.ID) error {
	c, rev, err := load[model.Contact](ctx, d, id)
	if err != nil {
		return err
	}
	if c.State != model.ContactOpen {
		return fmt.Errorf("这次联系没有待跟进的事项")
	}
	c.State = model.ContactDone
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: c})
	return err
}

// Contacts are the talks with an employer or on a site, in cases and outside of
// them, newest first; those of records merged into it are among them.
func (d *Desk) Contacts(ctx context.Context, of model.ID) ([]Kept[model.Contact], error) {
	same, err := d.alike(ctx, of)
	if err != nil {
		return nil, err
	}
	var out []Kept[model.Contact]
	for id := range same {
		list, err := all[model.Contact](ctx, d, model.Query{Parent: id})
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b Kept[model.Contact]) int { return b.Value.At.Compare(a.Value.At) })
	return out, nil
}

// contactTasks are the steps contacts led to that are still to be done.
func (d *Desk) contactTasks(ctx context.Context) (out []Task, err error) {
	list, err := all[model.Contact](ctx, d, model.Query{States: []string{model.ContactOpen}})
	for _, k := range list {
		t := Task{Act: "contact.follow", Title: "跟进联系事项", Detail: joined(k.Value.Next, k.Value.Person), Due: k.Value.NextBy, Record: k.ID, Kind: model.KindContact}
		if k.Value.Case != "" {
			t.Record, t.Kind = k.Value.Case, model.KindCase
		} else if parent := k.Value.Summary().Parent; parent != "" {
			t.Record, t.Kind = parent, model.KindEmployer
		}
		out = append(out, t)
	}
	return out, err
}
