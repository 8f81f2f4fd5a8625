//go:build unix

package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
)

// TestAfterRestore: a grant given after the backup is listed once the laptop has
// been heard, confirmed by one command, and holds from then on.
func TestAfterRestore(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "局")
	p := startProgram(t, dir, longest)
	line := newHeldLine()
	defer line.CloseIdleConnections()
	line.to(p, nil)
	l, c := joined(t, dir, line)
	o := &office{T: t, dir: dir}
	if text := o.do("after-restore", "list"); !strings.Contains(text, "没有从备份恢复过") {
		t.Error(text)
	}
	copied := filepath.Join(t.TempDir(), "备份")
	o.do("backup", "--to", copied)
	id := string(l.Device().ID)
	o.do("scope", "grant", "--scope", "乙县", "--role", hub.RoleRead, id)
	l.Save(t, model.Change{Record: modeltest.Employer(1)})
	if _, err := c.Sync(ctx, nil); err != nil {
		t.Fatal(err)
	}
	p.terminate()
	p.exits()

	o.dir = filepath.Join(t.TempDir(), "新机")
	o.do("restore", "--from", copied)
	for _, want := range []string{"已自动收回：操作 0 条；0 台笔记本已联系，1 台尚未联系", "尚未联系：" + id, "停用笔记本、收回授权、移交记录、账号开设与停用"} {
		if text := o.do("after-restore", "list"); !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	p = startProgram(t, o.dir, longest)
	line.CloseIdleConnections()
	line.to(p, nil)
	if _, err := c.Sync(ctx, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"已自动收回：操作 1 条；1 台笔记本已联系，0 台尚未联系", "待确认：" + id, "增加 乙县（查阅）"} {
		if text := o.do("after-restore", "list"); !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	o.do("after-restore", "confirm", id)
	if text := o.do("after-restore", "list"); strings.Contains(text, "待确认") {
		t.Error(text)
	}
	if text := o.do("scope", "list"); !strings.Contains(text, "乙县") {
		t.Errorf("the grant is not there:\n%s", text)
	}
	for _, verb := range []string{"confirm", "dismiss"} {
		if err := run(ctx, []string{"after-restore", verb, "--data", o.dir, id}, io.Discard, io.Discard); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s of what does not wait: %v", verb, err)
		}
	}
	p.terminate()
	p.exits()
}

// TestToldOfTheRestore: every kind of thing that came back or waits has its line.
func TestToldOfTheRestore(t *testing.T) {
	at := time.Date(2026, 9, 18, 17, 30, 0, 0, time.Local)
	d := hub.Device{ID: "01990000-dddd-7000-8000-000000000001", Name: "王某", Revoked: at}
	late := hub.Waiting{}
	late.Pass.Device, late.Pass.Name, late.Pass.Scope = "01990000-dddd-7000-8000-000000000002", "李某", "乙县"
	changed := hub.Waiting{Device: d, Lost: []hub.Grant{{Scope: "丙县", Role: hub.RoleWrite}, {Scope: "丁县", Role: hub.RoleRead}}}
	text := told(hub.Restored{Life: 2, At: at, Until: at, Ops: 7, Heard: 3, Silent: []hub.Device{d}, Revoked: []hub.Device{d},
		Claims: []hub.Waiting{late, changed}, Unknown: []hub.Unknown{{ID: "x", Name: "赵某"}}, Copied: []hub.Device{d}},
		[]hub.Account{{Name: "局长"}, {Name: "旧人", Disabled: true}})
	for _, want := range []string{"第 2 期", "操作 7 条；3 台笔记本已联系，1 台尚未联系；恢复停用 1 台", "已按公钥清单恢复停用：01990000-dddd-7000-8000-000000000001 王某",
		"李某，备份之后入网，范围 乙县", "授权变动，收回 丙县（办理）、丁县（查阅）", "未见其人：x 赵某", "可能有两台：01990000-dddd-7000-8000-000000000001 王某", "现有账号 局长）"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}
