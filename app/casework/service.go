package casework

import (
	"context"
	"fmt"
	"slices"

	"anxin/model"
)

// Serve records the service of an issued document, moves the document to
// served and issues the receipt of service (D16), in one act. The proof a mode
// needs is a gate: leaving needs a witness or a photo or video, and why it was
// refused (民事诉讼法 89).
func (d *Desk) Serve(ctx context.Context, s model.Service) (model.ID, []Reason, error) {
	doc, rev, err := load[model.Document](ctx, d, s.Document)
	if err != nil {
		return "", nil, err
	}
	reasons, err := d.serviceReasons(ctx, doc, &s)
	if err != nil {
		return "", nil, err
	}
	if err := enforce("登记送达", reasons); err != nil {
		return "", nil, err
	}
	s.Case = doc.Case
	if s.Copy == "" {
		s.Copy = d.servedCopy(doc)
	}
	o, err := d.Office(ctx)
	if err != nil {
		return "", nil, err
	}
	on, _, err := d.Law.ServedOn(s.Mode, s.At, o.Value.Region)
	if err != nil {
		return "", nil, err
	}
	s.ServedOn = model.DateOf(on)
	id := d.IDs.NewID()
	fields, err := d.serviceFields(ctx, doc, &s)
	if err != nil {
		return "", nil, err
	}
	doc.State = model.DocumentServed
	doc.Events = append(doc.Events, model.Event{Kind: model.EventServed, At: s.At, By: d.me, Record: id, Note: withCopy(s.Mode, s.Copy)})
	receipt, err := d.issueWith(ctx, &model.Document{Type: "D16", Case: doc.Case, Inspection: doc.Inspection, About: s.Document, Fields: fields},
		model.Change{ID: id, Record: &s}, model.Change{ID: s.Document, Base: rev, Record: doc})
	return receipt, warnings(reasons), err
}

// serviceReasons is what stands against a service: the officers, the state of
// the document, and the proof its mode needs (a row of the law's table).
func (d *Desk) serviceReasons(ctx context.Context, doc *model.Document, s *model.Service) ([]Reason, error) {
	out, err := d.TwoOfficers(ctx, s.Officers, s.At)
	if err != nil {
		return nil, err
	}
	mode, err := d.Law.Service(s.Mode)
	if err != nil {
		return nil, err
	}
	for _, r := range mode.Missing(func(proof string) bool { return hasProof(s, proof) }) {
		out = append(out, Reason{Reason: r, Blocks: true})
	}
	refuse := func(cond bool, text string) {
		if cond {
			out = append(out, block(text, mode.Article))
		}
	}
	refuse(doc.Issued == nil, "文书还没有签发")
	refuse(s.Copy != "" && !slices.Contains(d.Press.Copies(doc.Edition()), s.Copy), "这种文书没有“"+s.Copy+"”")
	refuse(doc.State == model.DocumentWithdrawn, "文书已经撤回")
	refuse(s.At.IsZero(), "送达时间没有填写")
	refuse(s.Place == "", "送达地点没有填写")
	refuse(doc.Issued != nil && !s.At.IsZero() && s.At.Before(doc.Issued.At), "送达时间早于签发时间，请核对")
	refuse(mode.WageOrderOnly && (doc.Issued == nil || doc.Issued.AmountFen == 0), "张贴只用于责令支付工资的文书")
	return out, nil
}

// servedCopy is the copy a party gets: the first of those a document is
// printed in, "" where there is one only.
func (d *Desk) servedCopy(doc *model.Document) string {
	if names := d.Press.Copies(doc.Edition()); len(names) > 0 {
		return names[0]
	}
	return ""
}

// withCopy says what was done with which copy.
func withCopy(text, name string) string {
	if name == "" {
		return text
	}
	return text + "，" + name
}

// hasProof tells whether a service holds a kind of proof of the table. Proof
// that only a scan can show (a receipt, a log) counts when evidence is linked.
func hasProof(s *model.Service, kind string) bool {
	switch kind {
	case "signature":
		return s.Receiver != ""
	case "role":
		return s.Relation != ""
	case "refusal":
		return s.Refusal != ""
	case "witness":
		return s.Witness != ""
	case "address":
		return s.Place != ""
	}
	return len(s.Evidence) > 0
}

// Withdraw takes an issued document back, with a reason.
func (d *Desk) Withdraw(ctx context.Context, id model.ID, reason string) error {
	doc, rev, err := load[model.Document](ctx, d, id)
	if err != nil {
		return err
	}
	if reason == "" {
		return fmt.Errorf("请填写撤回的理由，它会留在文书的办理记录里")
	}
	doc.State = model.DocumentWithdrawn
	doc.Events = append(doc.Events, model.Event{Kind: model.EventWithdrawn, At: d.Clock.Now(), By: d.me, Note: reason})
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: doc})
	return err
}
