package office

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"anxin/app/casework"
	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/seal"
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
	return paper.Job{Type: c.Type, Fields: c.Fields, Number: c.Number, Token: c.Token, Attachment: c.Attachment, Issued: c.Issued, Mark: c.Mark}
}

func (p press) Fields(docType string) []casework.PaperField {
	out := []casework.PaperField{{Name: "title"}}
	for _, f := range p.Press.Fields(docType) {
		c := casework.PaperField{Name: f.Name}
		for _, col := range f.Columns {
			c.Columns = append(c.Columns, col.Name)
		}
		out = append(out, c)
	}
	return out
}

// sealer signs with the device as it stands: a restore changes its epoch.
type sealer struct{ o *Office }

func (s sealer) Canonical(v any) ([]byte, error) { return seal.Canonical(v) }

func (s sealer) Token(c model.Claim) (string, error) { return seal.SignToken(c, s.o.Device()) }

// series are the number series the office uses this year, for the hub to lease.
func (o *Office) series(context.Context) ([]string, error) {
	return o.Desk.AllSeries(o.Now()), nil
}

// IssuerKeys are the keys papers may be signed with, as this laptop knows
// them: its own and those the hub named.
func (o *Office) IssuerKeys(ctx context.Context) []model.PublicKey {
	d := o.Device()
	name := ""
	if k, err := o.Desk.Office(ctx); err == nil {
		name = k.Value.Name
	}
	keys := []model.PublicKey{{ID: d.KeyID(), Key: d.Public(), Device: d.ID, Name: name}}
	for _, k := range o.ring.All() {
		if k.ID != keys[0].ID {
			keys = append(keys, k)
		} else {
			keys[0] = k
		}
	}
	return keys
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
