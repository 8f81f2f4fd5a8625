package hub

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/wire"
)

//go:embed page.html page.js
var pageFiles embed.FS

var page = template.Must(template.ParseFS(pageFiles, "page.html"))

// verdict is what the verify page says of a paper. It names nobody.
type verdict struct {
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

func (h *Hub) servePage(w http.ResponseWriter, r *http.Request) error {
	if !h.public.allow(r) {
		return wire.Refuse(http.StatusTooManyRequests, wire.CodeRate, "查询过于频繁，请一分钟后再试")
	}
	text := r.URL.Query().Get("t")
	if len(text) > maxQuery {
		return wire.Refuse(http.StatusBadRequest, wire.CodeTooLarge, "查询内容过长")
	}
	var v verdict
	if text != "" {
		var err error
		if v, err = h.judge(r.Context(), text); err != nil {
			return err
		}
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("写出查验页面: %w", err)
	}
	return nil
}

// judge says what a paper's token is worth at present.
func (h *Hub) judge(ctx context.Context, text string) (verdict, error) {
	v := verdict{Asked: true, Token: text, Class: "unknown", Word: "无法确认"}
	list, err := h.keyList(ctx)
	if err != nil {
		return v, err
	}
	claim, err := seal.VerifyToken(text, list.Keys, h.opt.Clock.Now())
	if err != nil {
		v.Reason = err.Error()
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

// state compares the paper with the document as it stands.
func (v *verdict) state(doc *model.Document) {
	switch {
	case doc.Issued == nil || doc.Issued.Number != v.Claim.Number:
		v.Reason = "局里登记的文书与这张纸上的不一致，请向局里核实。"
	case doc.State == model.DocumentWithdrawn:
		v.Class, v.Word = "withdrawn", "已撤回"
	case slices.ContainsFunc(doc.Events, func(e model.Event) bool { return e.Kind == model.EventCorrected }):
		v.Class, v.Word = "corrected", "已更正"
		v.Reason = "这份文书已由另一份文书更正，请向局里索取更正后的文书。"
	default:
		v.Class, v.Word = "valid", "有效"
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
	http.ServeFileFS(w, r, pageFiles, "page.js")
	return nil
}
