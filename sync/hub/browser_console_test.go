package hub_test

import (
	"context"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/synctest"
)

// admin logs into the console of a world's hub.
func admin(t *testing.T, w *synctest.World) (b *browser, address string) {
	t.Helper()
	b = browse(t, false)
	password, err := w.Hub.AddAccount(context.Background(), "局长")
	w.Check(err)
	address = serveWorld(t, w)
	b.open(address + "/console")
	b.write("#name", "局长")
	b.write("#password", password)
	b.click("button")
	b.sees("概况")
	return b, address
}

// TestConflictsInABrowser: the console shows a conflict with the fields both
// changed, until an officer has settled it on his laptop.
func TestConflictsInABrowser(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 2)
	one, two := w.Laptops[0], w.Laptops[1]
	first := one.Put("", "", modeltest.Employer(1))
	w.Rest()
	for i, l := range []*synctest.Laptop{one, two} {
		e := modeltest.Employer(1)
		e.Address = []string{"东街 1 号", "西街 2 号"}[i]
		l.Put(first.Record, first.Rev, e)
		l.Sync()
	}
	b, address := admin(t, w)
	b.sees("1 处")
	b.click(`main a[href="/console/conflicts"]`)
	b.sees("未解决的冲突", "用人单位", string(first.Record), "地址")
	b.shot("", "conflicts")
	w.Rest()
	list, err := two.Store.Conflicts(ctx)
	w.Check(err)
	if len(list) != 1 {
		t.Fatalf("the laptop has %d conflicts", len(list))
	}
	e := modeltest.Employer(1)
	e.Address = "西街 2 号"
	_, err = two.Store.Commit(ctx, model.Batch{Author: two.Author, Changes: []model.Change{
		{ID: first.Record, Base: two.Head(first.Record).Rev, Record: e, Settles: list[0].Theirs}}})
	w.Check(err)
	two.Sync()
	b.open(address + "/console/conflicts")
	b.sees("没有冲突")
}

// TestQuarantineInABrowser: what was set aside is let in or left aside, each by
// one click, and a second click on what somebody else has dealt with says so.
func TestQuarantineInABrowser(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 1)
	l := w.Laptops[0]
	var wanted, left model.Revision
	for i, r := range []*model.Revision{&wanted, &left} {
		first := l.Put("", "", modeltest.Employer(i))
		l.Sync()
		w.Check(w.Hub.Move(ctx, first.Record, "乙县"))
		*r = l.Put(first.Record, first.Rev, modeltest.Employer(10+i))
		l.Sync()
	}
	head := func(id model.ID) (rev model.Rev) {
		w.Inspect(func(tx hub.Tx) error {
			h, err := tx.Head(id)
			rev = h.Rev
			return err
		})
		return rev
	}
	b, address := admin(t, w)
	b.sees("2 条待处理")
	b.open(address + "/console/quarantine")
	b.sees("officer 1", string(wanted.Record), string(left.Record), "本机无权改动“乙县”范围的记录")
	b.click("main tr:nth-child(2) button[value=release]")
	b.sees("已处理", string(left.Record))
	if head(wanted.Record) != wanted.Rev {
		t.Error("what was let in is not the head")
	}
	aside, err := w.Hub.Quarantine(ctx)
	w.Check(err)
	if len(aside) != 1 {
		t.Fatalf("%d are set aside", len(aside))
	}
	w.Check(w.Hub.Reject(ctx, aside[0].Ack.Position, "副局长")) // at another desk, meanwhile
	b.click("main button[value=reject]")
	b.sees("没有被搁置，或者已经处理过", "没有搁置的操作")
	b.shot("", "quarantine-done")
	if head(left.Record) == left.Rev {
		t.Error("what was left aside is the head")
	}
	b.open(address + "/console")
	b.sees("搁置的操作\n没有")
}

// TestRestoredInABrowser: the console of a hub that was put back warns of what it
// may have forgotten, and confirms what a laptop shows by one click.
func TestRestoredInABrowser(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 2)
	l := w.Laptops[0]
	w.Rest()
	back := w.SaveHub()
	w.Check(w.Hub.Grant(ctx, l.ID(), "乙县", hub.RoleRead))
	w.Check(w.Hub.Revoke(ctx, w.Laptops[1].ID()))
	l.Sync()
	back()
	_, err := w.Hub.AfterRestore(ctx)
	w.Check(err)
	w.Check(l.Store.NewEpoch(ctx)) // it had been put back before, or copied
	l.Sync()
	b, address := admin(t, w)
	b.sees("局服务器从备份恢复过", "有入网或授权待确认", "请逐项核对")
	b.shot("", "restored-warning")
	b.click("#back a")
	b.sees("恢复以后", "1 台已联系", "officer 2", "可能有两台", "officer 1", "增加 乙县（查阅）", "停用的笔记本、收回的授权")
	b.shot("", "restored")
	b.click("main button[value=confirm]")
	b.sees("已确认", "没有待确认的入网和授权")
	b.open(address + "/console")
	b.sees("乙县（查阅）", "已停用", "请逐项核对")
}
