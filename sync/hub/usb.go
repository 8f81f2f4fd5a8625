package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"anxin/model"
	"anxin/model/bundle"
	"anxin/sync/wire"
)

// UsbReport is what a laptop's file brought.
type UsbReport struct {
	Device model.ID
	Name   string // whose laptop
	Ops    int    // operations in the file
	Fresh  int    // of them new here
	Files  int
}

// ErrUsb: a file that is not for this hub, or from a laptop it does not admit.
var ErrUsb = errors.New("这份U盘文件没有导入")

// Usb takes what a laptop wrote on a USB stick and writes the answer to carry
// back. It goes through the same doors as the line, so a file may be taken any
// number of times, whenever its answer was lost. What is damaged, forged, cut
// short or another hub's is refused before anything is kept.
func (h *Hub) Usb(ctx context.Context, path, answerPath string) (report UsbReport, err error) {
	list, err := h.keyList(ctx)
	if err != nil {
		return report, err
	}
	own := bundle.Options{Kind: wire.UsbOut, Known: list.Keys, Private: [][]byte{wire.Box(h.device.Key).Bytes()}}
	f, err := bundle.OpenFile(path, own)
	if errors.Is(err, bundle.ErrUnknown) {
		own.Known = nil
		return report, h.usbStranger(ctx, path, own, err)
	}
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	u := &usb{h: h, f: f}
	if err := u.admit(ctx); err != nil {
		return report, err
	}
	if err := f.Verify(ctx); err != nil {
		return report, err
	}
	if err := wire.ReadMember(f.Read, wire.UsbRequest, &u.ask); err != nil {
		return report, err
	}
	u.report.Device, u.report.Name = u.who.ID, u.who.Name
	if err := u.greet(ctx); err != nil {
		return u.report, err
	}
	if err := u.take(ctx); err != nil {
		return u.report, err
	}
	meta, err := json.Marshal(wire.UsbMaker{Hub: h.device.ID, Device: u.who.ID, Epoch: u.who.epoch})
	if err != nil {
		return u.report, err
	}
	head := bundle.Header{Kind: wire.UsbBack, Made: h.opt.Clock.Now(), Meta: meta}
	err = bundle.WriteFile(answerPath, head, h.device, [][]byte{u.ask.Box}, func(w *bundle.Writer) error { return u.reply(ctx, w) })
	return u.report, err
}

// usb is one file on its way through the hub.
type usb struct {
	h      *Hub
	f      *bundle.File
	who    caller
	ask    wire.UsbAsk
	answer wire.UsbAnswer
	acks   []wire.UsbAcks
	report UsbReport
}

// admit finds the laptop behind the file's signature.
func (u *usb) admit(ctx context.Context) error {
	m := u.f.Manifest()
	var maker wire.UsbMaker
	if json.Unmarshal(m.Meta, &maker) != nil || maker.Hub != u.h.device.ID || maker.Device != m.Device || maker.Epoch < 1 {
		return fmt.Errorf("%w：它是给另一台局服务器的，或者不是本程序写的", ErrUsb)
	}
	u.who.epoch = maker.Epoch
	err := u.h.store.View(ctx, func(tx Tx) (err error) {
		u.who.Device, err = tx.Device(maker.Device)
		return err
	})
	switch {
	case err != nil:
		return err
	case !bytes.Equal(u.who.Key, m.Key):
		return fmt.Errorf("%w：签名的密钥不是这台笔记本的", ErrUsb)
	case !u.who.Revoked.IsZero():
		return fmt.Errorf("%w：这台笔记本已被停用", ErrUsb)
	case maker.Epoch < u.who.Epoch:
		return fmt.Errorf("%w：这台笔记本的数据后来恢复过，这份文件是恢复以前写的；请在笔记本上重新导出", ErrUsb)
	}
	return u.h.newLife(ctx, u.who)
}

// greet hears first what the laptop knows of the log, and what it shows of passes
// and keys: a hub that was put back must know of it before anything is leased. By
// its own list of keys the laptop may have been shut out.
func (u *usb) greet(ctx context.Context) error {
	if _, err := u.h.hello(ctx, u.who, u.ask.Hello); err != nil || u.ask.Recall == nil {
		return err
	}
	if _, err := u.h.recall(ctx, u.who.ID, u.who.epoch, *u.ask.Recall); err != nil {
		return err
	}
	return u.admit(ctx)
}

// usbStranger hears a laptop that is not known here, as serveRecall does: it may
// have joined after the backup that was put back. refusal is what it means if not.
func (h *Hub) usbStranger(ctx context.Context, path string, opt bundle.Options, refusal error) (err error) {
	f, err := bundle.OpenFile(path, opt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var maker wire.UsbMaker
	var ask wire.UsbAsk
	m := f.Manifest()
	if json.Unmarshal(m.Meta, &maker) != nil || maker.Epoch < 1 || wire.ReadMember(f.Read, wire.UsbRequest, &ask) != nil || ask.Recall == nil {
		return refusal
	}
	p := ask.Recall.Pass
	if p == nil || p.Check(h.device.Public()) != nil || p.Device != m.Device || !bytes.Equal(p.Key, m.Key) {
		return refusal
	}
	out, err := h.recall(ctx, m.Device, maker.Epoch, *ask.Recall)
	if err != nil || !out.Waiting {
		return errors.Join(refusal, err)
	}
	return fmt.Errorf("%w：“%s”是在这份备份之后入网的，局里还不认得；已经登记，请确认之后再导入一次", ErrUsb, p.Name)
}

// take goes through what the laptop would have asked on the line.
func (u *usb) take(ctx context.Context) (err error) {
	if u.answer.Leased, err = u.h.numbers(ctx, u.who, u.ask.Numbers); err != nil {
		return err
	}
	for n := range u.ask.Pushes {
		var in wire.Push
		if err := wire.ReadMember(u.f.Read, wire.UsbPush(n), &in); err != nil {
			return err
		}
		err := u.push(ctx, in)
		if errors.Is(err, &wire.Error{Code: wire.CodeNeed}) {
			break // the log was put back; the answer says so, and the laptop sends it again
		}
		if err != nil {
			return err
		}
	}
	for _, sha := range u.ask.Files {
		if err := u.receive(ctx, sha); err != nil {
			return err
		}
		u.report.Files++
		u.answer.Stored = append(u.answer.Stored, sha)
	}
	if u.answer.Keys, err = u.h.keyList(ctx); err != nil {
		return err
	}
	u.ask.Hello.Pending = max(0, u.ask.Hello.Pending-u.report.Ops-u.report.Files) // the file brought them
	if u.ask.Hello.Pending == 0 {
		u.ask.Hello.PendingBytes = 0
	}
	u.answer.Welcome, err = u.h.hello(ctx, u.who, u.ask.Hello)
	return err
}

// push takes one slice of the log and proves where it stands.
func (u *usb) push(ctx context.Context, in wire.Push) error {
	var before State
	err := u.h.store.View(ctx, func(tx Tx) (err error) {
		before, err = tx.State(u.who.ID, u.who.epoch)
		return err
	})
	if err != nil {
		return err
	}
	out, err := u.h.push(ctx, u.who, in)
	if err != nil {
		return err
	}
	ask := wire.ProofAsk{}
	if point := u.ask.Hello.Checkpoint; point != nil && point.Size <= out.Checkpoint.Size {
		ask.Old = point.Size
	}
	for _, ack := range out.Acks {
		ask.Positions = append(ask.Positions, ack.Position)
		if ack.Seq > before.LastSeq {
			u.report.Fresh++
		}
	}
	u.report.Ops += len(in.Ops)
	proof, err := u.h.prove(ctx, u.who, ask)
	u.acks = append(u.acks, wire.UsbAcks{Acks: out.Acks, Proof: proof})
	return err
}

// receive takes one file of evidence in runs of leaves.
func (u *usb) receive(ctx context.Context, sha string) error {
	var in wire.Announce
	if err := wire.ReadMember(u.f.Read, wire.UsbLeaves+sha, &in); err != nil {
		return err
	}
	if in.SHA256 != sha {
		return fmt.Errorf("%w：材料 %.8s 的分段摘要是另一件的", ErrUsb, sha)
	}
	state, err := u.h.announce(ctx, u.who, in)
	if err != nil || state.Stored {
		return err
	}
	body, err := u.f.Open(wire.UsbFile + sha)
	if err != nil {
		return err
	}
	for first := 0; first < len(in.Leaves) && err == nil; first += wire.MaxRun {
		run := wire.Run{First: first, Last: min(first+wire.MaxRun, len(in.Leaves)) - 1}
		err = u.h.receive(ctx, sha, run.String(), body)
	}
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	_, err = u.h.finish(ctx, sha)
	return err
}

// reply writes the answer.
func (u *usb) reply(ctx context.Context, w *bundle.Writer) error {
	for n, acks := range u.acks {
		if err := addUsb(w, wire.UsbPush(n), acks); err != nil {
			return err
		}
	}
	u.answer.Pushes, u.answer.Pages, u.answer.Files = len(u.acks), 0, nil
	for _, in := range u.ask.Pulls {
		if err := u.pages(ctx, w, in); err != nil {
			return err
		}
	}
	for _, sha := range u.ask.Wanted {
		if err := u.send(ctx, w, sha); err != nil {
			return err
		}
	}
	return addUsb(w, wire.UsbReply, u.answer)
}

// pages writes a feed from the laptop's cursor to its end.
func (u *usb) pages(ctx context.Context, w *bundle.Writer, in wire.Pull) error {
	for {
		page, err := u.h.pull(ctx, u.who, in)
		if err != nil {
			return err
		}
		if page.Next == in.Cursor {
			return nil
		}
		if err := addUsb(w, wire.UsbPage(u.answer.Pages), wire.UsbFeed{Scope: in.Scope, Cursor: in.Cursor, Page: page}); err != nil {
			return err
		}
		u.answer.Pages++
		in.Cursor = page.Next
		if !page.More() {
			return nil
		}
	}
}

// send lets a file come along that the laptop wants, when the hub has it.
func (u *usb) send(ctx context.Context, w *bundle.Writer, sha string) error {
	if wire.CheckHash(sha) != nil {
		return nil
	}
	var refusal *wire.Error
	if _, err := u.h.forReader(ctx, u.who.Device, sha); errors.As(err, &refusal) {
		return nil // it is not here, or not for this laptop
	} else if err != nil {
		return err
	}
	file, _, err := u.h.blobs.Open(ctx, sha)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = w.Add(wire.UsbFile+sha, file)
	u.answer.Files = append(u.answer.Files, sha)
	return errors.Join(err, file.Close())
}

func addUsb(w *bundle.Writer, name string, v any) error {
	packed, err := wire.Pack(v)
	if err == nil {
		_, err = w.Add(name, bytes.NewReader(packed))
	}
	return err
}
