package casework

import (
	"slices"

	"anxin/model"
)

// receiptType is the receipt of service in the catalogue.
const receiptType = "D16"

// receiptFacts fill a receipt that is drafted by hand: the paper it is about,
// or else the newest that goes to a party and has no receipt yet, and of its
// service what is recorded.
func (d *Desk) receiptFacts(out map[string]any, f *File, about model.ID) {
	k := d.toReceipt(f, about)
	if k == nil {
		return
	}
	for _, s := range f.Services {
		if s.Value.Document == k.ID {
			receiptFields(out, k.Value, s.Value)
			out["pictures"] = f.shown(s.Value.Evidence)
			return
		}
	}
	out["recipient"] = recipientOf(k.Value)
	out["documents"] = []map[string]any{{"name": copyTitle(k.Value.Title, d.servedCopy(k.Value)), "doc_number": NumberOf(k.Value), "copies": "1"}}
	out["place"] = out["address"]
}

// toReceipt is the paper a receipt drafted by hand is about; nil where the file
// has none that goes to a party.
func (d *Desk) toReceipt(f *File, about model.ID) (last *Kept[model.Document]) {
	done := map[model.ID]bool{}
	for _, k := range f.issued(receiptType) {
		done[k.Value.About] = true
	}
	for _, k := range slices.Backward(f.Documents) {
		if k.Value.Issued == nil || k.Value.State == model.DocumentWithdrawn || len(d.Press.Copies(k.Value.Edition())) == 0 {
			continue
		}
		if k.ID == about {
			return &k
		}
		if about == "" && !done[k.ID] && (last == nil || k.Value.Issued.At.After(last.Value.Issued.At)) {
			last = &k
		}
	}
	return last
}

// shown are the pictures among pieces of evidence of the file, as rows.
func (f *File) shown(ids []model.ID) []map[string]any {
	var list []model.Picture
	for _, k := range f.Evidence {
		if slices.Contains(ids, k.ID) && printable(k.Value) {
			list = append(list, PictureOf(k.Value))
		}
	}
	return pictureRows(list)
}
