package office_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/forms/paper"
	"anxin/model"
)

// photo is a picture of one colour.
func photo(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for y := range 300 {
		for x := range 400 {
			img.SetRGBA(x, y, color.RGBA{shade, uint8(x / 2), uint8(y / 2), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// snapped keeps photos as evidence of a visit and gives them as its record
// shows them.
func (b *bureau) snapped(visit model.ID, names ...string) (out []model.Picture) {
	b.t.Helper()
	for i, name := range names {
		k, err := b.Desk.AddEvidence(b.ctx, casework.EvidenceIn{Case: b.kase, Inspection: visit, Name: name}, bytes.NewReader(photo(b.t, uint8(40*i))))
		b.ok(err)
		out = append(out, casework.PictureOf(k.Value))
	}
	return out
}

func TestTheSiteRecordShowsItsPhotos(t *testing.T) {
	b := newBureau(t).accepted()
	visit := b.announced()
	start := b.Now().Add(-time.Hour)
	record, _, err := b.Desk.RecordVisit(b.ctx, casework.SiteRecord{Inspection: visit, Start: start, End: start.Add(time.Hour), Place: "工地", Contact: "某人",
		Answers: map[string]any{"C14": casework.VerdictBreach, "C14_note": "三人未签合同"}, Pictures: b.snapped(visit, "告示牌.jpg", "工人宿舍.jpg", "考勤机.jpg")})
	b.ok(err)
	title, pdf, err := b.IssuedPDF(b.ctx, record)
	b.ok(err)
	sealed, err := paper.ReadPDF(pdf)
	b.ok(err)
	if len(sealed.Images) != 3 {
		t.Fatalf("%s shows %d photos", title, len(sealed.Images))
	}
	if !bytes.Contains(sealed.Attachment, []byte("告示牌")) {
		t.Error("the caption is not in the data of the paper")
	}
	keys, err := b.IssuerKeys(b.ctx)
	b.ok(err)
	path := filepath.Join(t.TempDir(), "笔录.pdf")
	b.ok(os.WriteFile(path, pdf, 0o600))
	v, err := office.Verify(b.Press, path, keys, b.Now())
	b.ok(err)
	if !v.Valid {
		t.Errorf("printed again it differs: %s", v.Reason)
	}
	doc := b.read(record)
	if rows, _ := doc.Fields["pictures"].([]any); len(rows) != 3 || sealed.Images[rows[0].(map[string]any)["photo"].(string)] != nil {
		t.Errorf("the record names no evidence: %v", doc.Fields["pictures"])
	}
	file, err := b.BuildFile(b.ctx, b.kase, nil)
	b.ok(err)
	if len(file.Absent) > 0 || !bytes.Contains(file.PDF, []byte("/DCTDecode")) {
		t.Errorf("the bound file lacks the photos, absent: %v", file.Absent)
	}
}

// TestAPhotoThatIsNotHereIsNamed: a draft that came by sync may name a photo
// whose bytes did not.
func TestAPhotoThatIsNotHereIsNamed(t *testing.T) {
	b := newBureau(t).accepted()
	away := strings.Repeat("ab", 32)
	_, err := b.Store.Commit(b.ctx, model.Batch{Author: b.people[first], Changes: []model.Change{{Record: &model.Evidence{Case: b.kase, Name: "围挡.jpg", SHA256: away,
		Type: "image/jpeg", ImportedAt: b.Now(), ImportedBy: b.people[first]}}}})
	b.ok(err)
	id, err := b.Desk.DraftPaper(b.ctx, casework.PaperIn{Type: "D08b", Case: b.kase, Answers: map[string]any{"pictures": []map[string]any{{"photo": away, "caption": "围挡"}}}})
	b.ok(err)
	b.complete(id)
	_, _, err = b.Desk.Proof(b.ctx, b.read(id), nil)
	says(t, err, "照片“围挡.jpg”不在本机，请先同步")
	_, err = b.Desk.Issue(b.ctx, id)
	says(t, err, "照片“围挡.jpg”不在本机，请先同步")
	k, err := b.Desk.AddEvidence(b.ctx, casework.EvidenceIn{Case: b.kase, Name: "清单.jpg"}, strings.NewReader("不是图片"))
	b.ok(err)
	b.ok(b.Desk.AnswerPaper(b.ctx, id, map[string]any{"pictures": []map[string]any{{"photo": k.Value.SHA256}}}))
	_, err = b.Desk.Issue(b.ctx, id)
	says(t, err, "不是能打印的图片")
}

// TestTheReceiptShowsThePhotosOfTheService: they prove that a paper was left.
func TestTheReceiptShowsThePhotosOfTheService(t *testing.T) {
	b := newBureau(t).accepted()
	order := b.order(b.recorded(), model.DateOf(b.Now().AddDate(0, 0, 9)))
	_, err := b.Desk.Issue(b.ctx, order)
	b.ok(err)
	k, err := b.Desk.AddEvidence(b.ctx, casework.EvidenceIn{Case: b.kase, Name: "留置现场.jpg"}, bytes.NewReader(photo(t, 9)))
	b.ok(err)
	receipt, _, err := b.Desk.Serve(b.ctx, model.Service{Document: order, Mode: model.ServeLeave, At: b.Now().Add(time.Minute), Place: "项目部", Receiver: "某人",
		Refusal: "不愿签收", Officers: b.pick(first, second), Evidence: []model.ID{k.ID}})
	b.ok(err)
	_, pdf, err := b.IssuedPDF(b.ctx, receipt)
	b.ok(err)
	sealed, err := paper.ReadPDF(pdf)
	b.ok(err)
	if len(sealed.Images) != 1 {
		t.Errorf("the receipt shows %d photos", len(sealed.Images))
	}
}

// says: the error is a sentence with these words.
func says(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("%v does not say %q", err, words)
	}
}
