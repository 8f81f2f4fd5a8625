package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"anxin/model"
	"anxin/sync/wire"
)

// leaf is a page of the feed with its revisions as they lie in the store, so
// that they need not be read and written again to be sent.
type leaf struct {
	wire.Page
	raw     []byte     // the page's JSON as far as the end of its revisions
	records []model.ID // on the page
	full    bool       // there was no room for the next
	err     error
}

// leafHead begins the JSON of a page.
const leafHead = `{"revisions":[`

// text writes the page as its JSON.
func (l leaf) text() ([]byte, error) {
	l.Page.Revisions = nil
	rest, err := wire.JSON(l.Page)
	if err != nil {
		return nil, err
	}
	rest, found := bytes.CutPrefix(rest, []byte(`{"revisions":null`))
	if !found {
		return nil, fmt.Errorf("写出一页记录: 意外的开头 %.20s", rest)
	}
	return append(append(l.raw, ']'), rest...), nil
}

// pull reads one page of the feed.
func (h *Hub) pull(ctx context.Context, who caller, in wire.Pull) (wire.Page, error) {
	l, err := h.leaf(ctx, who, in)
	if err != nil {
		return l.Page, err
	}
	list := append(l.raw[len(leafHead)-1:], ']')
	if err := json.Unmarshal(list, &l.Page.Revisions); err != nil {
		return l.Page, fmt.Errorf("读取一页记录: %w", err)
	}
	return l.Page, nil
}

// leaf reads one page of the feed. A page ends between two records. What the
// caller wrote in its present life is left out: it has it, and it is most of
// what a laptop would get back after a push.
func (h *Hub) leaf(ctx context.Context, who caller, in wire.Pull) (l leaf, err error) {
	if !who.may(in.Scope, RoleRead) {
		return l, wire.Refuse(http.StatusForbidden, wire.CodeScope, "本机无权读取“%s”范围的记录", in.Scope)
	}
	limit := wire.PageRows
	if in.Limit > 0 {
		limit = min(in.Limit, limit)
	}
	err = h.store.View(ctx, func(tx Tx) error {
		l = leaf{Page: wire.Page{Next: in.Cursor}, raw: []byte(leafHead)}
		if l.Head, err = tx.ScopeHead(in.Scope); err != nil {
			return err
		}
		own := func(line Line) bool { return !in.Own && line.Device == who.ID && line.Epoch == who.epoch }
		if err := tx.Feed(in.Scope, in.Cursor, limit+1, func(line Line) bool { return l.take(line, limit, own(line)) }); err != nil || l.err != nil {
			return errors.Join(err, l.err)
		}
		if !l.full {
			l.Next = max(l.Head, in.Cursor)
		}
		return attachConflicts(tx, &l.Page, l.records)
	})
	return l, err
}

// take puts a line of the feed on the page unless it begins a record the page
// has no room for; an omitted line only moves the page's end.
func (l *leaf) take(line Line, limit int, omit bool) bool {
	if line.Seq != l.Next {
		if l.full = len(l.records)+len(l.Gone) >= limit || len(l.raw) > wire.PageSize; l.full {
			return false
		}
		if line.Gone {
			l.Gone = append(l.Gone, line.Record)
		} else {
			l.records = append(l.records, line.Record)
		}
	}
	l.Next = line.Seq
	if !line.Gone && line.Rev != "" && !omit {
		if len(l.raw) > len(leafHead) {
			l.raw = append(l.raw, ',')
		}
		l.raw, l.err = line.JSON(l.raw)
	}
	return l.err == nil
}

// attachConflicts adds what is open on the records of a page.
func attachConflicts(tx Tx, page *wire.Page, records []model.ID) error {
	open, err := tx.Conflicts(records...)
	if err != nil {
		return err
	}
	for _, c := range open {
		head, err := tx.Head(c.Record)
		if err != nil {
			return fmt.Errorf("记录 %s: %w", c.Record, err)
		}
		c.Ours = head.Rev
		page.Conflicts = append(page.Conflicts, c)
	}
	return nil
}
