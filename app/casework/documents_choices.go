package casework

import (
	"context"
	"slices"

	"anxin/model"
)

// PaperChoice is a type of document that may be drafted, with what the law
// holds against issuing it now.
type PaperChoice struct {
	Type    string // D01-D28
	Title   string
	Wanted  bool // a next step of the case rests on it and it is not issued yet
	Reasons []Reason
}

// Open tells whether nothing blocks its issue.
func (c PaperChoice) Open() bool {
	return !slices.ContainsFunc(c.Reasons, func(r Reason) bool { return r.Blocks })
}

// PaperChoices lists the types of the catalogue that have a template, in its
// order, each judged in the file of a case. Without a case nothing is judged.
func (d *Desk) PaperChoices(ctx context.Context, id model.ID) ([]PaperChoice, error) {
	f, err := d.dossier(ctx, PaperIn{Case: id})
	if err != nil {
		return nil, err
	}
	wanted, err := d.wantedPapers(f, id)
	if err != nil {
		return nil, err
	}
	var out []PaperChoice
	for _, row := range f.Law.Catalogue(f.At, f.region()).All() {
		if d.Press.Fields(model.EditionOf(row.ID, d.newest(row.ID))) == nil {
			continue
		}
		c := PaperChoice{Type: row.ID, Title: row.Title, Wanted: slices.Contains(wanted, row.ID)}
		if own := f.Office.Titles[row.ID]; own != "" {
			c.Title = own
		}
		if id != "" {
			g := *f
			g.draft = &model.Document{Type: row.ID, Case: id, Fields: map[string]any{}}
			if c.Reasons, err = g.gates(row.Gates); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// wantedPapers are the types that steps out of the state of a case rest on and
// that none is issued of.
func (d *Desk) wantedPapers(f *File, id model.ID) (out []string, err error) {
	if id == "" {
		return nil, nil
	}
	moves, err := f.Next(d.me)
	for _, m := range moves {
		if len(m.Ready) == 0 {
			out = append(out, m.Documents...)
		}
	}
	return out, err
}

// Proof prints a draft as it would read, marked 草稿 and without number, seal
// or code. Answers are those of its form, nil for what the draft says.
func (d *Desk) Proof(ctx context.Context, doc *model.Document, answers map[string]any) (pdf []byte, pages int, err error) {
	v := *doc
	if answers != nil {
		v.Fields = d.known(v.Edition(), answers)
		d.settle(&v)
	}
	fields := d.printable(v.Edition(), v.Fields)
	fields["title"] = v.Title
	images, err := d.picturesOf(ctx, &v, fields)
	if err != nil {
		return nil, 0, err
	}
	return d.Press.Print(Paper{Type: v.Edition(), Fields: fields, Images: images, Issued: d.Clock.Now(), Mark: "草稿"})
}
