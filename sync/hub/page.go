package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"anxin/model"
	"anxin/model/seal"
)

// verdict is what the verify page says of a paper. It names nobody.
type verdict struct {
	Error  string // why nothing was looked up
	Asked  bool
	Token  string
	Class  string // valid, withdrawn, corrected, unknown
	Word   string
	Reason string
	Title  string
	Claim  model.Claim
	Amount string
}

// maxQuery bounds the text somebody may ask about: a token with its link,
// escaped.
const maxQuery = 2048

// servePage answers everybody in words: no script is needed, and nothing is
// kept of who asked what.
func (h *Hub) servePage(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("t")
	var v verdict
	status := http.StatusOK
	switch {
	case !h.public.allow(r):
		v.Error, status = "查询过于频繁，请一分钟后再试", http.StatusTooManyRequests
	case len(text) > maxQuery:
		v.Error, status = "查询的内容过长，请只粘贴二维码的内容", http.StatusBadRequest
	case text != "":
		var err error
		if v, err = h.judge(r.Context(), text); err != nil {
			return err
		}
	}
	pageHeader(w)
	w.WriteHeader(status)
	if err := consolePages.ExecuteTemplate(w, "verify.html", v); err != nil {
		return fmt.Errorf("写出查验页面: %w", err)
	}
	return nil
}

// serveFront tells who came by the bare address where to go.
func (h *Hub) serveFront(w http.ResponseWriter, _ *http.Request) error {
	pageHeader(w)
	if err := consolePages.ExecuteTemplate(w, "front.html", ""); err != nil {
		return fmt.Errorf("写出首页: %w", err)
	}
	return nil
}

// judge says what a paper's token is worth at present.
func (h *Hub) judge(ctx context.Context, text string) (verdict, error) {
	v := verdict{Asked: true, Token: text, Class: "unknown", Word: "无法确认"}
	keys, err := h.issuers(ctx)
	if err != nil {
		return v, err
	}
	claim, err := seal.VerifyToken(text, keys, h.opt.Clock.Now())
	if err != nil {
		v.Reason = plainly(err) + "如果文书上写的是本局，请带着文书到局里核实。"
		return v, nil
	}
	v.Claim, v.Amount = claim, yuan(claim.AmountFen)
	doc, err := h.document(ctx, claim.Document)
	if errors.Is(err, model.ErrNotFound) {
		v.Word, v.Reason = "签名有效，尚未报局", "文书由本局登记的设备签发，但签发的笔记本还没有与局里同步，目前的效力无法确认。"
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Title = doc.Title
	v.state(doc)
	return v, nil
}

// plainly says to a citizen, who has no list of keys and no program, what is
// wrong with a token.
func plainly(err error) string {
	switch {
	case errors.Is(err, seal.ErrTokenMalformed):
		return "没有读到完整的二维码内容，请重新扫描，或者把二维码的内容完整地粘贴到上面。"
	case errors.Is(err, seal.ErrUnknownKey):
		return "签发这份文书的设备没有在本局登记。"
	case errors.Is(err, seal.ErrBadSignature):
		return "签名不符：二维码的内容被改动过，或者是伪造的。"
	}
	return err.Error() + "。"
}

// state compares the paper with the document as it stands.
func (v *verdict) state(doc *model.Document) {
	switch {
	case doc.Issued == nil || doc.Issued.Printed() != v.Claim.Number:
		v.Reason = "局里登记的文书与这张纸上的不一致，请向局里核实。"
	case doc.State == model.DocumentWithdrawn:
		v.Class, v.Word = "withdrawn", "已撤回"
		v.Reason = "这份文书确由本局签发，但已经撤回，不再有效，不必再按它办理。"
	case slices.ContainsFunc(doc.Events, func(e model.Event) bool { return e.Kind == model.EventCorrected }):
		v.Class, v.Word = "corrected", "已更正"
		v.Reason = "这份文书已由另一份文书更正，请向局里索取更正后的文书。"
	default:
		v.Class, v.Word = "valid", "有效"
		v.Reason = "这份文书确由本局签发，目前有效。"
	}
}

func (h *Hub) document(ctx context.Context, id model.ID) (doc *model.Document, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		head, err := tx.Head(id)
		if err != nil {
			return err
		}
		r, err := tx.Revision(head.Rev)
		if err != nil {
			return err
		}
		if r.Kind != model.KindDocument {
			return model.ErrNotFound
		}
		doc, err = model.As[model.Document](r.Body)
		return err
	})
	return doc, err
}

// yuan writes fen as yuan, "" for none.
func yuan(fen int64) string {
	if fen == 0 {
		return ""
	}
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d 元", sign, fen/100, fen%100)
}

// serveScript serves the few lines that carry the token of a QR code from
// behind the # into the form; without them people paste it.
func (h *Hub) serveScript(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFileFS(w, r, consoleFiles, "pages/verify.js")
	return nil
}
