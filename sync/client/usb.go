package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/seal"
	"anxin/sync/wire"
)

// ErrForeignFile: a file for another laptop, of another hub, or of an earlier
// life of this laptop.
var ErrForeignFile = errors.New("这份U盘文件不是给本机这一期的，没有导入")

// UsbOut writes everything that waits for the hub into one file at path, signed
// by this laptop and sealed to the hub: operations, evidence, and what it wants
// to know. Nothing is considered handed in before the answer has come back; the
// file may be written again at any time. Summary counts what is in it.
func (c *Client) UsbOut(ctx context.Context, path string) (sum Summary, err error) {
	if !c.busy.TryLock() {
		return sum, ErrBusy
	}
	defer c.busy.Unlock()
	r, err := c.offline(ctx)
	if err != nil {
		return sum, err
	}
	if len(r.home.Box) == 0 {
		return sum, errors.New("本机入网时局服务器还不支持U盘交换，请先联网同步一次")
	}
	device := c.opt.Store.Device()
	meta, err := json.Marshal(wire.UsbMaker{Hub: r.home.Hub, Device: device.ID, Epoch: device.Epoch})
	if err != nil {
		return sum, err
	}
	head := bundle.Header{Kind: wire.UsbOut, Made: c.opt.Clock.Now(), Meta: meta}
	err = bundle.WriteFile(path, head, device, [][]byte{r.home.Box}, func(w *bundle.Writer) error { return r.fillOut(ctx, w) })
	return r.sum, err
}

// offline is a cycle without a line.
func (c *Client) offline(ctx context.Context) (*cycle, error) {
	r := &cycle{c: c, meter: newMeter(c.opt.Clock, nil)}
	known, err := c.load(ctx, settingHome, &r.home)
	if err == nil && !known {
		err = ErrNotEnrolled
	}
	return r, err
}

func (r *cycle) fillOut(ctx context.Context, w *bundle.Writer) error {
	ask, err := r.ask(ctx)
	if err != nil {
		return err
	}
	if ask.Pushes, err = r.outPushes(ctx, w); err != nil {
		return err
	}
	if err := r.outFiles(ctx, w, &ask); err != nil {
		return err
	}
	if ask.Wanted, err = r.c.wanted(ctx); err != nil {
		return err
	}
	return addMessage(w, wire.UsbRequest, ask)
}

// ask is what a cycle would ask of the hub.
func (r *cycle) ask(ctx context.Context) (ask wire.UsbAsk, err error) {
	st := r.c.opt.Store
	ask.Box = wire.Box(st.Device().Key).PublicKey().Bytes()
	last, err := st.LastSeq(ctx)
	if err != nil {
		return ask, err
	}
	if r.sent, err = st.AckedSeq(ctx); err != nil {
		return ask, err
	}
	var again int64
	if known, err := r.c.load(ctx, settingAgain, &again); err != nil {
		return ask, err
	} else if known {
		r.sent = min(r.sent, again)
	}
	reminder, err := r.reminder(ctx)
	if err != nil {
		return ask, err
	}
	ask.Recall = &reminder
	ask.Hello = wire.Hello{Protocol: wire.Protocol, LastSeq: last, Pending: int(last - r.sent)}
	if err := r.announce(ctx, &ask.Hello); err != nil {
		return ask, err
	}
	if ask.Numbers, _, _, err = r.needs(ctx); err != nil {
		return ask, err
	}
	given, err := r.spentNumbers(ctx)
	if err != nil {
		return ask, err
	}
	ask.Numbers.Voids, ask.Numbers.Returns = given.Voids, given.Returns
	scope, err := st.Setting(ctx, "scope")
	if err != nil {
		return ask, err
	}
	cursor, err := st.Cursor(ctx, scope)
	ask.Pulls = []wire.Pull{{Scope: scope, Cursor: cursor, Own: true}}
	return ask, err
}

func (r *cycle) outPushes(ctx context.Context, w *bundle.Writer) (n int, err error) {
	for {
		b := r.batch(ctx)
		if b.err != nil || len(b.ops) == 0 {
			return n, b.err
		}
		ops := b.ops
		revs := make([]model.Revision, len(ops))
		for i, op := range ops {
			revs[i] = op.Revision
		}
		if err := r.c.note(ctx, settingUnsent, files(revs)); err != nil {
			return n, err
		}
		if _, err := w.Add(wire.UsbPush(n), bytes.NewReader(b.body)); err != nil {
			return n, err
		}
		n++
		r.sum.Pushed += len(ops)
		r.sent = ops[len(ops)-1].Seq
	}
}

func (r *cycle) outFiles(ctx context.Context, w *bundle.Writer, ask *wire.UsbAsk) error {
	var unsent []string
	if _, err := r.c.load(ctx, settingUnsent, &unsent); err != nil {
		return err
	}
	list, _, err := r.c.local(ctx, unsent)
	if err != nil {
		return err
	}
	for _, sha := range list {
		if err := r.outFile(ctx, w, sha); err != nil {
			return fmt.Errorf("读取材料 %.8s: %w", sha, err)
		}
		r.sum.Blobs++
		ask.Files = append(ask.Files, sha)
	}
	return nil
}

func (r *cycle) outFile(ctx context.Context, w *bundle.Writer, sha string) error {
	file, size, err := r.c.opt.Blobs.Get(ctx, sha)
	if err != nil {
		return err
	}
	defer file.Close()
	leaves, err := hashLeaves(file, size)
	if err != nil {
		return err
	}
	if err := addMessage(w, wire.UsbLeaves+sha, wire.Announce{SHA256: sha, Size: size, Leaves: leaves}); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = w.Add(wire.UsbFile+sha, file)
	r.sum.Bytes += size
	return err
}

func addMessage(w *bundle.Writer, name string, v any) error {
	packed, err := wire.Pack(v)
	if err == nil {
		_, err = w.Add(name, bytes.NewReader(packed))
	}
	return err
}

// UsbIn takes the hub's answer from a file. Taking it twice changes nothing.
// The error is a sentence, wrapping ErrForeignFile or one of package bundle;
// what is damaged, forged or cut short is refused before anything is kept.
func (c *Client) UsbIn(ctx context.Context, path string) (sum Summary, err error) {
	if !c.busy.TryLock() {
		return sum, ErrBusy
	}
	defer c.busy.Unlock()
	r, err := c.offline(ctx)
	if err != nil {
		return sum, err
	}
	device := c.opt.Store.Device()
	hub := model.PublicKey{ID: seal.KeyID(r.home.Key), Key: r.home.Key, Device: r.home.Hub}
	f, err := bundle.OpenFile(path, bundle.Options{Kind: wire.UsbBack, Known: []model.PublicKey{hub}, Private: [][]byte{wire.Box(device.Key).Bytes()}})
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var maker wire.UsbMaker
	if json.Unmarshal(f.Manifest().Meta, &maker) != nil || maker != (wire.UsbMaker{Hub: r.home.Hub, Device: device.ID, Epoch: device.Epoch}) {
		return sum, ErrForeignFile
	}
	if err := f.Verify(ctx); err != nil {
		return sum, err
	}
	if err := r.takeBack(ctx, f); err != nil {
		return r.sum, errors.Join(err, c.noteLie(ctx, err))
	}
	return r.sum, c.noteProgress(ctx)
}

// takeBack keeps what the answer says, in the order a cycle would hear it.
func (r *cycle) takeBack(ctx context.Context, f *bundle.File) error {
	var answer wire.UsbAnswer
	if err := wire.ReadMember(f.Read, wire.UsbReply, &answer); err != nil {
		return err
	}
	if err := answer.Keys.Check(r.home.Key); err != nil {
		return err
	}
	if err := r.c.learn(ctx, answer.Keys); err != nil {
		return err
	}
	r.welcome = answer.Welcome
	if err := r.heedAnswer(ctx); err != nil {
		return err
	}
	for n := range answer.Pushes {
		if err := r.takeAcks(ctx, f, wire.UsbPush(n)); err != nil {
			return err
		}
	}
	for _, b := range answer.Leased.Blocks {
		if err := r.c.opt.Store.AddBlock(ctx, b); err != nil {
			r.sum.Notes = append(r.sum.Notes, err.Error())
		}
	}
	for n := range answer.Pages {
		var feed wire.UsbFeed
		if err := wire.ReadMember(f.Read, wire.UsbPage(n), &feed); err != nil {
			return err
		}
		cursor, err := r.c.opt.Store.Cursor(ctx, feed.Scope)
		if err != nil {
			return err
		}
		if feed.Cursor > cursor || feed.Page.Next <= cursor {
			continue // taken before, or by the line meanwhile
		}
		if err := r.takePage(ctx, feed.Scope, cursor, feed.Page); err != nil {
			return err
		}
	}
	return r.takeFiles(ctx, f, answer)
}

// heedAnswer keeps the pass and the hub's word about its log, as greet does on the
// line. Of a hub that was put back everything is asked again, and told again from
// where its log stands. An answer no newer than the last word is old news.
func (r *cycle) heedAnswer(ctx context.Context) error {
	w := r.welcome
	if err := w.Checkpoint.Check(r.home.Key); err != nil {
		return err
	}
	var old wire.Checkpoint
	var life int
	_, err1 := r.c.load(ctx, settingCheckpoint, &old)
	_, err2 := r.c.load(ctx, settingHubEpoch, &life)
	if err := errors.Join(err1, err2); err != nil || !w.Checkpoint.At.After(old.At) || w.HubEpoch < life {
		return err
	}
	if err := r.keepPass(ctx); err != nil {
		return err
	}
	if r.lost = !w.Grown || life != 0 && life != w.HubEpoch; !r.lost {
		return errors.Join(r.toldAgain(ctx), r.c.save(ctx, settingHubEpoch, w.HubEpoch))
	}
	r.sum.Notes = append(r.sum.Notes, "局服务器是从较早的备份恢复的，请再导出一次带给局里，把它缺少的记录、文号和材料补报上去")
	if err := errors.Join(r.c.save(ctx, settingRefill, true), r.c.save(ctx, settingAgain, w.LastSeq)); err != nil {
		return err
	}
	_, err := r.rewind(ctx)
	return err
}

// toldAgain forgets where a hub that was put back had to be told again from, once
// it has everything it had answered for.
func (r *cycle) toldAgain(ctx context.Context) error {
	acked, err := r.c.opt.Store.AckedSeq(ctx)
	if err != nil || r.welcome.LastSeq < acked {
		return err
	}
	return r.c.opt.Store.SetSetting(ctx, settingAgain, "")
}

// takeAcks keeps the answers to one slice of the log once they are proved.
func (r *cycle) takeAcks(ctx context.Context, f *bundle.File, name string) error {
	var in wire.UsbAcks
	if err := wire.ReadMember(f.Read, name, &in); err != nil || len(in.Acks) == 0 {
		return err
	}
	ops, err := r.c.opt.Store.Ops(ctx, in.Acks[0].Seq-1, len(in.Acks))
	if err != nil {
		return err
	}
	point := in.Proof.Checkpoint
	if err := point.Check(r.home.Key); err != nil {
		return err
	}
	if len(ops) != len(in.Acks) || len(in.Proof.Inclusion) != len(ops) {
		return fmt.Errorf("%w: 答复与本机的日志对不上", ErrLied)
	}
	for i, op := range ops {
		if op.Seq != in.Acks[i].Seq {
			return fmt.Errorf("%w: 第 %d 条操作的答复不对", ErrLied, op.Seq)
		}
		if err := wire.CheckIncluded(point, in.Acks[i].Position, op.Hash, in.Proof.Inclusion[i]); err != nil {
			return fmt.Errorf("%w: %w", ErrLied, err)
		}
	}
	before, err := r.c.opt.Store.AckedSeq(ctx)
	if err != nil {
		return err
	}
	if err := r.c.opt.Store.Acked(ctx, in.Acks); err != nil {
		return err
	}
	if fresh := in.Acks[len(in.Acks)-1].Seq - before; fresh > 0 {
		r.count(in.Acks[len(in.Acks)-int(min(fresh, int64(len(in.Acks)))):])
	}
	return r.grew(ctx, in.Proof)
}

// grew moves the checkpoint on when a proof continues it; an older answer is
// old news.
func (r *cycle) grew(ctx context.Context, p wire.Proof) error {
	var old wire.Checkpoint
	if _, err := r.c.load(ctx, settingCheckpoint, &old); err != nil || old.Size >= p.Checkpoint.Size || len(p.Consistency) == 0 && old.Size > 0 {
		return err
	}
	if err := wire.CheckGrown(old, p.Checkpoint, p.Consistency); err != nil {
		return nil // made against an earlier checkpoint of this laptop
	}
	return r.c.save(ctx, settingCheckpoint, p.Checkpoint)
}

// takeFiles keeps the files that came along and forgets those the hub has.
func (r *cycle) takeFiles(ctx context.Context, f *bundle.File, answer wire.UsbAnswer) error {
	for _, sha := range answer.Files {
		has, err := r.c.opt.Blobs.Has(ctx, sha)
		if err != nil {
			return err
		}
		if has {
			continue
		}
		file, err := f.Open(wire.UsbFile + sha)
		if err != nil {
			return err
		}
		info, err := r.c.opt.Blobs.Put(ctx, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		if info.SHA256 != sha {
			return fmt.Errorf("U盘文件中的材料 %.8s 与其摘要不符，请联系管理员核对", sha)
		}
		r.sum.Blobs++
	}
	for _, list := range []string{settingPapers, settingWanted} {
		if err := r.c.forget(ctx, list, answer.Files); err != nil {
			return err
		}
	}
	return r.c.forget(ctx, settingUnsent, answer.Stored)
}
