package page

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/blob"
)

// recordedVisit is a visit of a case that found arrears, recorded.
func (w *world) recordedVisit() model.ID {
	w.Helper()
	ctx, d := w.Context(), w.env.Desk
	site, err := readOne[model.Site](w.env, w.site)
	sure(w, err)
	site.Value.Owner = ""
	_, err = d.Save(ctx, site.ID, site.Rev, site.Value)
	sure(w, err)
	lead, err := d.RegisterLead(ctx, model.Lead{Source: "现场投诉", Employer: w.employer, Site: w.site, Claim: "工资没有发", ReceivedAt: w.clock.Now()})
	sure(w, err)
	c, err := d.AcceptLead(ctx, casework.Acceptance{Lead: lead, Cause: "克扣或者无故拖欠工资", Officers: []model.ID{w.me, w.other}, Reason: "属于管辖"})
	sure(w, err)
	w.clock.Move(time.Hour)
	visit, err := d.PlanVisit(ctx, model.Inspection{Type: "个案", Source: "投诉", Matter: "工资支付情况", Case: c, Employer: w.employer, Site: w.site,
		Officers: []model.ID{w.me, w.other}, Start: w.clock.Now().Add(2 * time.Hour), Place: "项目部"})
	sure(w, err)
	_, err = d.ApproveVisit(ctx, visit, "同意")
	sure(w, err)
	_, err = d.AnnounceVisit(ctx, visit)
	sure(w, err)
	w.clock.Move(2 * time.Hour)
	start := w.clock.Now()
	w.clock.Move(time.Hour)
	_, _, err = d.RecordVisit(ctx, casework.SiteRecord{Inspection: visit, Start: start, End: w.clock.Now(), Place: "项目部", Contact: "刘志强", Duty: "项目经理",
		Phone: "13907360001", Opinion: "属实", Recording: "全程录音录像", Answers: map[string]any{"C14": "breach", "C14_workers": 28, "C14_note": "28名工人没有签订劳动合同"}})
	sure(w, err)
	return visit
}

// draftOrder is an order that follows from the visit.
func (w *world) draftOrder() model.ID {
	w.Helper()
	ids, _, err := w.env.Desk.DraftOrders(w.Context(), casework.OrderIn{Inspection: w.recordedVisit(), Due: model.DateOf(w.clock.Now().AddDate(0, 0, 10))})
	sure(w, err)
	return ids[0]
}

// cabinet stands for the files of a laptop: exports go to a folder, and what
// would be shown or printed is written down.
type cabinet struct {
	blobs    *blob.Store
	dir      string
	shown    []string
	verified Verified
	asked    []string
	away     map[string]bool // files that are still at the hub
	fail     error
}

func (w *world) cabinet() *cabinet {
	c := &cabinet{blobs: w.env.Desk.Blobs.(*blob.Store), dir: w.TempDir()}
	w.env.Files = c
	return c
}

func (c *cabinet) Open(ctx context.Context, sha256 string) (io.ReadCloser, error) {
	f, size, err := c.blobs.Get(ctx, sha256)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw := make([]byte, size)
	if _, err := io.ReadFull(f, raw); err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(raw)), nil
}

func (c *cabinet) Export(ctx context.Context, sha256, name string) (string, error) {
	r, err := c.Open(ctx, sha256)
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	path := filepath.Join(c.dir, name)
	return path, os.WriteFile(path, raw, 0o600)
}

func (c *cabinet) Show(path string) error {
	c.shown = append(c.shown, path)
	return c.fail
}

func (c *cabinet) Has(_ context.Context, sha256 string) (bool, error) {
	return !c.away[sha256], nil
}

func (c *cabinet) Bring(_ context.Context, sha256 string) error {
	delete(c.away, sha256)
	return c.fail
}

func (c *cabinet) Thumbnail(ctx context.Context, sha256 string, edge, orientation int) ([]byte, error) {
	return c.blobs.Thumbnail(ctx, sha256, edge, orientation)
}

func (c *cabinet) Verify(_ context.Context, target string) (Verified, error) {
	c.asked = append(c.asked, target)
	return c.verified, c.fail
}

func TestOrderIsEditedIssuedAndServed(t *testing.T) {
	w := newWorld(t)
	files := w.cabinet()
	id := w.draftOrder()
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("documents-draft")
	w.screen.MustSee("28名工人没有签订劳动合同", lang.T("documents.part.edit"))
	if w.host.counts[placeDocuments] != 1 {
		t.Errorf("counts %v", w.host.counts)
	}
	form := p.shown.(*documentDetail).form.view
	form.Jump("/D06/g3/due")
	w.screen.Fill("改正期限", "2026-09-19")
	form.Jump("/D06/g4/evidence")
	w.screen.Fill("证据", "现场检查笔录、花名册")
	p.Save()
	k, err := readOne[model.Document](w.env, id)
	sure(t, err)
	if k.Value.DueBy != "2026-09-19" || k.Value.Fields["evidence"] != "现场检查笔录、花名册" {
		t.Fatalf("saved %v %v", k.Value.DueBy, k.Value.Fields)
	}
	w.screen.Tap(lang.T("documents.part.gates"))
	w.screen.MustSee("改正期限", lang.T("documents.gate.warn"), "《劳动保障监察条例》第十八条")
	w.screen.Capture("documents-gates")

	w.act(lang.T("documents.issue"))
	w.screen.MustSee("签发后内容不能再改")
	w.screen.Capture("documents-issue")
	w.screen.Tap(lang.T("documents.issue"))
	k, err = readOne[model.Document](w.env, id)
	sure(t, err)
	if k.Value.State != model.DocumentIssued || !strings.Contains(k.Value.Issued.Number, "桃人社劳监令字〔2026〕第1号") {
		t.Fatalf("issued %+v", k.Value.Issued)
	}
	w.screen.MustSee("桃人社劳监令字〔2026〕第1号", lang.T("print.copy"))
	w.screen.Capture("documents-copies")
	w.screen.Tap(lang.T("documents.print")) // each copy of the paper
	w.screen.MustSee(stateLabel(model.DocumentIssued))
	if p.shown.Editable() {
		t.Error("an issued paper can be edited")
	}
	w.screen.Capture("documents-issued")

	w.printsAndKeeps(p, files, id)
	w.serveBy(p, id)
}

// printsAndKeeps prints one more copy of an issued order, opens it and saves it.
func (w *world) printsAndKeeps(p *Documents, files *cabinet, id model.ID) {
	w.Helper()
	p.Print()
	w.screen.MustSee(lang.T("print.printer"), lang.T("print.duplex"))
	w.screen.Capture("documents-print")
	w.screen.Pick(lang.T("print.copy"), "存卷联")
	w.screen.Tap(lang.T("documents.print"))
	w.act(lang.T("documents.open"))
	notes, err := w.env.Desk.Printings(w.Context(), id)
	sure(w, err)
	if len(notes) != 3 || !strings.Contains(notes[2].Note, "存卷联") {
		w.Errorf("noted %+v", notes)
	}
	if got := strings.Join(w.papers.printed, "|"); strings.Count(got, "送达联") != 1 || strings.Count(got, "存卷联") != 2 || len(w.papers.printed) != 3 || len(files.shown) != 1 || !strings.HasSuffix(files.shown[0], "限期改正指令书 桃人社劳监令字〔2026〕第1号.pdf") {
		w.Errorf("printed %v, shown %v", w.papers.printed, files.shown)
	}
	copied := filepath.Join(w.TempDir(), "a.pdf")
	uitest.AnswerFiles(w, copied)
	w.act(lang.T("documents.saveas"))
	if raw, err := os.ReadFile(copied); err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) {
		w.Errorf("saved %d bytes, %v", len(raw), err)
	}
}

// serveBy leaves an issued order at the site office, first without proof.
func (w *world) serveBy(p *Documents, id model.ID) {
	w.Helper()
	w.clock.Move(time.Hour)
	w.act(lang.T("documents.serve"))
	w.screen.Pick("送达方式", "留置送达")
	w.screen.MustSee("拒绝接收", "第八十九条")
	w.screen.Capture("documents-serve")
	p.Save()
	w.screen.MustSee("请填写送达地点。", "请写明拒收的事由和经过。")
	w.screen.Fill("送达地点", "项目部办公室")
	w.screen.Fill("拒收事由", "项目经理看后拒绝签收")
	p.Save()
	w.screen.MustSee("送达缺少")
	w.screen.Capture("documents-serve-refused")
	w.screen.Tap(lang.T("dialog.close"))
	photo := filepath.Join(w.TempDir(), "留置.png")
	sure(w, os.WriteFile(photo, []byte("\x89PNG\r\n\x1a\nnot much of a picture"), 0o600))
	uitest.AnswerFiles(w, photo)
	w.screen.Tap(lang.T("documents.serve.who"))
	w.screen.Tap(lang.T("documents.serve.photo"))
	w.screen.MustSee("留置.png")
	w.screen.Capture("documents-serve-who")
	p.Save()
	k, err := readOne[model.Document](w.env, id)
	sure(w, err)
	s := only[model.Service](w)
	if k.Value.State != model.DocumentServed || s.Value.Mode != model.ServeLeave || len(s.Value.Evidence) != 1 || s.Value.Officers[0] != w.me {
		w.Fatalf("served %+v %+v", k.Value.Events, s.Value)
	}
	w.screen.MustSee(lang.T("documents.says"), stateLabel(model.DocumentServed))
	receipt := named(w, func(d *model.Document) bool { return d.Type == "D16" })
	p.Show(receipt.ID)
	w.screen.MustSee("送达回证", "项目部办公室")
	w.screen.Capture("documents-receipt")
}

func TestPaperIsWithdrawnWithAReason(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	_, err := w.env.Desk.Issue(t.Context(), id)
	sure(t, err)
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.act(lang.T("documents.withdraw"))
	verb := lang.T("documents.withdraw")
	w.screen.Tap(verb)
	w.screen.MustSee(lang.T("documents.withdraw.needed"))
	w.screen.Fill(lang.T("documents.withdraw.reason"), "单位名称写错")
	w.screen.Tap(verb)
	k, err := readOne[model.Document](w.env, id)
	sure(t, err)
	if k.Value.State != model.DocumentWithdrawn || k.Value.Events[0].Note != "单位名称写错" {
		t.Fatalf("withdrawn %+v", k.Value)
	}
	w.screen.MustSee("单位名称写错", stateLabel(model.DocumentWithdrawn))
	defer func() {
		w.act(lang.T("documents.redraft"))
		d := p.shown.(*documentDetail)
		if d.k.ID == id || d.k.Value.State != model.DocumentDraft || d.k.Value.DueBy != k.Value.DueBy || len(d.k.Value.Events) != 0 {
			t.Errorf("drafted again %+v", d.k.Value)
		}
	}()
	for _, a := range p.shown.Actions() {
		if a.Label == verb || a.Label == lang.T("documents.serve") {
			t.Errorf("a withdrawn paper still offers %q", a.Label)
		}
	}
}

func TestIssueIsRefusedWithReasons(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	k, err := readOne[model.Document](w.env, id)
	sure(t, err)
	k.Value.DueBy = "2026-01-01"
	_, err = w.env.Desk.Save(t.Context(), id, k.Rev, k.Value)
	sure(t, err)
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.act(lang.T("documents.issue"))
	w.screen.MustSee(lang.T("documents.issue.blocked"), "改正期限必须晚于签发日期")
	w.screen.Tap(lang.T("dialog.close"))
	if k, _ := readOne[model.Document](w.env, id); k.Value.State != model.DocumentDraft {
		t.Error("a refused issue changed the paper")
	}
}

func TestQRIsVerified(t *testing.T) {
	w := newWorld(t)
	files := w.cabinet()
	p := NewDocuments(w.env, "")
	w.show(p)
	w.screen.MustSee(lang.T("documents.empty"))
	claim := model.Claim{Type: "D06", Number: "桃人社劳监令字〔2026〕第1号", Issued: "2026-09-18", Due: "2026-09-28", AmountFen: 69393676}
	cases := []struct {
		name string
		v    Verified
		see  []string
	}{
		{"valid", Verified{Valid: true, Reason: "签名有效，内容没有改动。", Claim: claim}, []string{"有效", "2026年9月28日", "693,936.76", "陆拾玖万"}},
		{"forged", Verified{Reason: "签名无效，文书可能是伪造的。"}, []string{"无效", "伪造"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files.verified = c.v
			w.act(lang.T("documents.verify"))
			w.screen.Capture("verify-ask")
			w.screen.Type("NCF-TOKEN")
			w.screen.Tap(lang.T("documents.verify.verb"))
			w.screen.MustSee(c.see...)
			w.screen.Capture("verify-" + c.name)
			w.screen.Press(fyne.KeyEscape)
		})
	}
	uitest.AnswerFiles(t, "/photos/页.jpg")
	files.fail = errors.New("“页.jpg”里没有二维码，请拍得近一些再试")
	w.act(lang.T("documents.verify"))
	w.screen.Tap(lang.T("documents.verify.file"))
	w.screen.MustSee("没有二维码")
	if got := strings.Join(files.asked, " "); got != "NCF-TOKEN NCF-TOKEN /photos/页.jpg" {
		t.Errorf("asked %q", got)
	}
}

// TestQRIsVerifiedFromDropAndClipboard: a picture dropped on the question, or
// copied, is checked; without the question a dropped picture is a scan.
func TestQRIsVerifiedFromDropAndClipboard(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			files := w.cabinet()
			uitest.Language(t, tag)
			files.verified = Verified{Valid: true, Reason: "签名有效，内容没有改动。", Claim: model.Claim{Type: "D06", Issued: "2026-09-18"}}
			var copied []string
			dropped := 0
			w.env.Copied = func(context.Context, string) ([]string, func(), error) { return copied, func() { dropped++ }, nil }
			p := NewDocuments(w.env, "")
			w.show(p)
			w.wide()
			w.act(lang.T("documents.verify"))
			p.Dropped([]string{"/photos/墙上.jpg"})
			w.screen.MustSee(lang.T("documents.verify.valid"), "2026年9月18日")
			w.screen.Press(fyne.KeyReturn) // the next one
			w.screen.Tap(lang.T("documents.verify.paste"))
			if got := w.host.said[len(w.host.said)-1]; got != lang.T("documents.verify.nothing") {
				t.Errorf("with nothing copied: %q", got)
			}
			copied = []string{"/photos/截图.png"}
			w.screen.Tap(lang.T("documents.verify.paste"))
			w.screen.MustSee(lang.T("documents.verify.valid"))
			w.screen.Press(fyne.KeyEscape)
			p.Dropped([]string{"/photos/扫描.jpg"})
			if got := strings.Join(files.asked, " "); got != "/photos/墙上.jpg /photos/截图.png" || dropped != 1 || len(w.papers.scanned) != 1 {
				t.Errorf("asked %q, let go %d, scanned %v", got, dropped, w.papers.scanned)
			}
		})
	}
}

// TestPaperIsWithdrawnAndCorrectedByKeys: from the list to the withdrawn paper and
// the draft in its place without a mouse, in both languages.
func TestPaperIsWithdrawnAndCorrectedByKeys(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.cabinet()
			id := w.draftOrder()
			_, err := w.env.Desk.Issue(t.Context(), id)
			sure(t, err)
			uitest.Language(t, tag)
			p := NewDocuments(w.env, "")
			w.show(p)
			w.wide()
			p.list.Focus()
			w.screen.Press(fyne.KeyHome)
			for p.id != id {
				before := p.id
				w.screen.Press(fyne.KeyDown)
				if p.id == before {
					t.Fatal("the list does not lead to the order")
				}
			}
			w.act(lang.T("documents.withdraw")) // the toolbar is worked by keys in the shell's own tests
			w.screen.Type("单位名称写错")
			w.tabTo(lang.T("documents.withdraw"))
			w.screen.Press(fyne.KeySpace)
			k, err := readOne[model.Document](w.env, id)
			sure(t, err)
			if k.Value.State != model.DocumentWithdrawn {
				t.Fatalf("the order is %s", k.Value.State)
			}
			w.act(lang.T("documents.redraft"))
			k, err = readOne[model.Document](w.env, p.id)
			sure(t, err)
			if k.Value.State != model.DocumentDraft || k.Value.Replaces != id {
				t.Errorf("the draft in its place %+v", k.Value)
			}
		})
	}
}

func TestDocumentsInEnglish(t *testing.T) {
	w := newWorld(t)
	w.cabinet()
	id := w.draftOrder()
	uitest.Language(t, "en")
	p := NewDocuments(w.env, string(id))
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.MustSee("Credit code", "Before issuing", "Preview")
	w.screen.Tap("Content")
	w.screen.MustSee("Credit code")
	w.screen.Capture("documents-english")
	w.screen.Resize(1000-48, 700-60)
	w.screen.Capture("documents-english-narrow")
}

// TestServiceFormKnowsEveryMode: the form's choices are the law's modes.
func TestServiceFormKnowsEveryMode(t *testing.T) {
	w := newWorld(t)
	form, err := compiled("service")
	sure(t, err)
	var have []string
	for _, c := range form.Question("/service/mode").Choices {
		have = append(have, c.Name)
	}
	var want []string
	for _, s := range w.env.Desk.Law.Services() {
		want = append(want, s.Mode)
	}
	if strings.Join(have, " ") != strings.Join(want, " ") {
		t.Errorf("the form has %v, the law %v", have, want)
	}
}
