package office

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"anxin/app/casework"
	"anxin/forms/paper"
	"anxin/model"
)

// machineClock and machineIDs are the machine's own.
type machineClock struct{}

func (machineClock) Now() time.Time { return time.Now() }

type machineIDs struct{}

func (machineIDs) NewID() model.ID { return model.ID(uuid.Must(uuid.NewV7()).String()) }

// press hands casework's papers to the press.
type press struct{ *paper.Press }

func (p press) Print(c casework.Paper) ([]byte, int, error) {
	out, err := p.Press.Print(p.job(c))
	return out.PDF, out.Pages, err
}

func (press) job(c casework.Paper) paper.Job {
	return paper.Job{Type: typeOf(c.Type), Fields: c.Fields, Number: c.Number, Token: c.Token, Attachment: c.Attachment, Issued: c.Issued, Mark: c.Mark, Images: c.Images}
}

func (p press) Fields(docType string) []casework.PaperField {
	out := []casework.PaperField{{Name: "title", Kind: string(paper.Text)}}
	for _, f := range p.Press.Fields(docType) {
		c := casework.PaperField{Name: f.Name, Kind: string(f.Kind), Label: f.Label, Required: f.Required, Options: f.Options}
		for _, col := range f.Columns {
			c.Columns, c.ColumnKinds = append(c.Columns, col.Name), append(c.ColumnKinds, string(col.Kind))
		}
		out = append(out, c)
	}
	return out
}

// series are the number series the office uses this year, for the hub to lease.
func (o *Office) series(context.Context) ([]string, error) {
	return o.Desk.AllSeries(o.Now()), nil
}

// TakeLocalNumbers opens a block of numbers for every series of a year, for
// an office without a hub: this laptop then numbers its papers itself.
func (o *Office) TakeLocalNumbers(ctx context.Context, year, size int) error {
	d := o.Device()
	for _, series := range o.Desk.AllSeries(time.Date(year, 1, 1, 0, 0, 0, 0, o.Now().Location())) {
		b := model.Block{Series: series, From: 1, To: size, Next: 1, Device: d.ID, Epoch: d.Epoch, Source: "本机自编（未接入中心）"}
		if err := o.Store.AddBlock(ctx, b); err != nil {
			return fmt.Errorf("登记号段“%s”: %w", series, err)
		}
	}
	return nil
}
