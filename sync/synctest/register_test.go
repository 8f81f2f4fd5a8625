package synctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// attempt is one use of a record at the hub: a reading of its head, or a push
// that follows Base.
type attempt struct {
	Write     bool
	Base, New model.Rev
}

// result is what came of it.
type result struct {
	Head    model.Rev // of a reading
	Applied bool      // of a push
}

// register says what a record must be like: a push is applied exactly when its
// base is the head at one moment between its call and its return.
var register = porcupine.Model{
	Init: func() any { return model.Rev("") },
	Step: func(state, input, output any) (bool, any) {
		head, in, out := state.(model.Rev), input.(attempt), output.(result)
		switch {
		case !in.Write:
			return out.Head == head, head
		case out.Applied:
			return in.Base == head, in.New
		}
		return in.Base != head, head
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// writer is one device that pushes edits of the same field of one record.
type writer struct {
	*stranger
	n    int
	seq  int64
	prev []byte
}

// push tries to follow base with a new number and reports whether it became
// the head.
func (w *writer) push(at http.Handler, base model.Rev, round int) (model.Rev, bool, error) {
	e := modeltest.Employer(1)
	e.Phone = fmt.Sprintf("%d.%d", w.n, round)
	body, err := json.Marshal(e)
	if err != nil {
		return "", false, err
	}
	r := model.Revision{Record: modeltest.ID(7, 1), Kind: model.KindEmployer, Schema: 1, Author: "o", Time: modeltest.Day, Body: body}
	if base != "" {
		r.Parents = []model.Rev{base}
	}
	if err := w.device.SignRevision(&r); err != nil {
		return "", false, err
	}
	w.seq++
	op := model.Op{Seq: w.seq, Prev: w.prev, Revision: r}
	w.device.SignOp(&op)
	w.prev = op.Hash
	packed, err := wire.Pack(wire.Push{Ops: []model.Op{op}})
	if err != nil {
		return "", false, err
	}
	rec := httptest.NewRecorder()
	at.ServeHTTP(rec, w.request("POST", wire.Root+"/push", packed, true))
	var out wire.Pushed
	if rec.Code != 200 {
		return "", false, fmt.Errorf("%d %s", rec.Code, rec.Body)
	}
	err = wire.Unpack(rec.Body.Bytes(), &out, wire.MaxPage)
	return r.Rev, err == nil && out.Acks[0].Outcome == model.OutcomeApplied, err
}

// history lets several devices fight for one record over all replicas and
// returns what each saw.
func history(t testing.TB, w *World, rounds int) []porcupine.Operation {
	var mu sync.Mutex
	var out []porcupine.Operation
	var now atomic.Int64
	handlers := w.handlers()
	record := func(client int, do func() (attempt, result, error)) {
		call := now.Add(1)
		in, res, err := do()
		back := now.Add(1)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
			return
		}
		out = append(out, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: res, Return: back})
	}
	var wg sync.WaitGroup
	for n := range w.Laptops {
		wg.Go(func() {
			me := &writer{stranger: insider(w, n+1), n: n + 1}
			rng := rand.New(rand.NewPCG(uint64(n), 1))
			for round := range rounds {
				var base model.Rev
				record(n, func() (attempt, result, error) {
					var err error
					base, err = headOf(w.Hubs[rng.IntN(len(w.Hubs))])
					return attempt{}, result{Head: base}, err
				})
				record(n, func() (attempt, result, error) {
					rev, applied, err := me.push(handlers[rng.IntN(len(handlers))], base, round)
					return attempt{Write: true, Base: base, New: rev}, result{Applied: applied}, err
				})
			}
		})
	}
	wg.Wait()
	return out
}

func headOf(h *hub.Hub) (rev model.Rev, err error) {
	err = h.View(context.Background(), func(tx hub.Tx) error {
		head, err := tx.Head(modeltest.ID(7, 1))
		rev = head.Rev
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		return err
	})
	return rev, err
}

// longestCheck is how long the checker may search on a busy machine; it takes a
// moment.
const longestCheck = 10 * time.Minute

// TestRecordsAreRegisters: whatever order pushes of several devices reach
// several replicas in, a record behaves as if they came one after another.
func TestRecordsAreRegisters(t *testing.T) {
	for name, open := range map[string]func() *World{
		"disk":                   func() *World { return NewWorld(t, 4) },
		"memory, three replicas": func() *World { return NewMemWorld(t, 4, 3, Bugs{}) },
	} {
		t.Run(name, func(t *testing.T) {
			ops := history(t, open(), 12)
			if got := porcupine.CheckOperationsTimeout(register, ops, longestCheck); got != porcupine.Ok {
				t.Errorf("%d operations are no history of a register: %s", len(ops), got)
			}
		})
	}
	t.Run("a planted mistake is seen", func(t *testing.T) {
		for range 40 {
			w := NewMemWorld(t, 4, 3, Bugs{})
			w.mem.store.Unlocked = true
			var ops []porcupine.Operation
			// A hub without its lock may also fall over, which is seen as well.
			faults := Hear(t, func(j *Judge) { ops = history(j, w, 12) })
			if len(faults) > 0 || porcupine.CheckOperationsTimeout(register, ops, longestCheck) == porcupine.Illegal {
				return
			}
		}
		t.Error("a hub without its lock looks sound")
	})
}
