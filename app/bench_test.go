package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"anxin/app/office"
	"anxin/model"
	"anxin/model/modeltest"
)

// benchRecords is how many records a bureau's laptop holds in the benchmarks.
const benchRecords = 100_000

// benchPhrase can be typed on any keyboard.
const benchPhrase = "correct horse battery"

// fill adds employers to an open office.
func fill(b *testing.B, o *office.Office, n int) {
	b.Helper()
	const batch = 1000
	for i := 0; i < n; i += batch {
		changes := make([]model.Change, batch)
		for k := range changes {
			changes[k].Record = modeltest.Employer(i + k)
		}
		if _, err := o.Store.Commit(b.Context(), model.Batch{Author: "bench", Changes: changes}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPages is how long the window is held by opening each page after the
// carried day.
func BenchmarkPages(b *testing.B) {
	d, w := watchedDay(b)
	for b.Loop() {
		w.Acts = nil
		walkPages(b, d, w)
	}
	var worst time.Duration
	for _, a := range w.Acts {
		worst = max(worst, a.Held)
		b.Logf("%-24s %v", a.Name, a.Held)
	}
	b.ReportMetric(float64(worst.Milliseconds()), "worst-ms")
}

// BenchmarkLongList opens the employers of a full laptop and scrolls them,
// without a display.
func BenchmarkLongList(b *testing.B) {
	d := newTestDesktop(b)
	d.found(b)
	fill(b, d.office, benchRecords)
	d.show()
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			d.shell.Go("employers", "")
			d.win.Canvas().Capture()
			b.StopTimer()
			d.shell.Go("sync", "")
			b.StartTimer()
		}
	})
	b.Run("step", func(b *testing.B) {
		d.shell.Go("employers", "")
		step := d.shell.Page().(interface{ Step(int) }).Step
		for b.Loop() {
			step(1)
		}
	})
}

// BenchmarkStart is the real program in a virtual display of its own: from its
// start to the first frame, from the passphrase to the first page of a full
// laptop, and the memory it then holds. It needs build/anxin (make build), Xvfb
// and xdotool.
func BenchmarkStart(b *testing.B) {
	program, err := filepath.Abs(filepath.Join("..", "build", "anxin"))
	if err != nil {
		b.Fatal(err)
	}
	for _, tool := range []string{program, "Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Skipf("starting the real window needs %s: %v", filepath.Base(tool), err)
		}
	}
	d := newTestDesktop(b)
	d.foundWith(b, benchPhrase)
	fill(b, d.office, benchRecords)
	d.prefs.Set("window.page", "employers")
	d.close()
	x := newDisplay(b)
	var first, unlocked, resident float64
	runs := 0
	for b.Loop() {
		f, u, r := x.start(b, program, d.dir)
		first, unlocked, resident = first+f.Seconds(), unlocked+u.Seconds(), resident+r
		runs++
	}
	n := float64(runs)
	b.ReportMetric(first/n, "s-to-first-frame")
	b.ReportMetric(unlocked/n, "s-unlock-to-page")
	b.ReportMetric(resident/n, "MiB-resident")
}

// display is a virtual screen whose pixels lie in a file.
type display struct{ name, pixels string }

func newDisplay(b *testing.B) display {
	b.Helper()
	dir := b.TempDir()
	x := display{name: ":" + strconv.Itoa(200+os.Getpid()%300), pixels: filepath.Join(dir, "Xvfb_screen0")}
	server := exec.Command("Xvfb", x.name, "-screen", "0", "1366x768x24", "-fbdir", dir)
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	x.await(b, "the display", func() bool {
		_, err := os.Stat(x.pixels)
		return err == nil
	})
	time.Sleep(time.Second)
	return x
}

func (x display) await(b *testing.B, what string, done func() bool) time.Duration {
	b.Helper()
	begin := time.Now()
	for !done() {
		if time.Since(begin) > 30*time.Second {
			b.Fatalf("%s did not come", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
	return time.Since(begin)
}

// shown is a digest of a few hundred pixels of the middle of the screen.
func (x display) shown() string {
	f, err := os.Open(x.pixels)
	if err != nil {
		return ""
	}
	defer f.Close()
	var all strings.Builder
	row := make([]byte, 1024)
	for y := 100; y < 700; y += 6 {
		if _, err := f.ReadAt(row, int64(y*1366*4+1000)); err != nil {
			return ""
		}
		for i := 0; i < len(row); i += 64 {
			all.Write(row[i : i+4])
		}
	}
	return all.String()
}

func (x display) start(b *testing.B, program, dir string) (first, unlocked time.Duration, resident float64) {
	b.Helper()
	run := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(name, args...)
		c.Env = append(os.Environ(), "DISPLAY="+x.name)
		return c
	}
	black := x.shown()
	p := run(program, "-data", dir)
	if err := p.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		p.Process.Kill()
		p.Wait()
		x.await(b, "the empty screen", func() bool { return x.shown() == black })
	}()
	first = x.await(b, "the first frame", func() bool { return x.shown() != black })
	time.Sleep(time.Second)
	paste := run("xdotool", "type", "--delay", "30", benchPhrase)
	if out, err := paste.CombinedOutput(); err != nil {
		b.Fatalf("typing: %v, %s", err, out)
	}
	time.Sleep(time.Second)
	before := x.shown()
	if err := run("xdotool", "key", "Return").Run(); err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	last, since := before, time.Now()
	for time.Since(since) < 1500*time.Millisecond && time.Since(begin) < 30*time.Second { // until the screen rests
		if now := x.shown(); now != last {
			last, since = now, time.Now()
			unlocked = time.Since(begin)
		}
		time.Sleep(2 * time.Millisecond)
	}
	if !x.light(1250, 600) { // the unlock screen is dark there, a page is not
		b.Fatal("the passphrase did not open the page")
	}
	return first, unlocked, residentOf(b, p.Process.Pid)
}

// light tells whether a pixel is nearly white.
func (x display) light(across, down int64) bool {
	f, err := os.Open(x.pixels)
	if err != nil {
		return false
	}
	defer f.Close()
	header := make([]byte, 4)
	if _, err := f.ReadAt(header, 0); err != nil {
		return false
	}
	const colours = 256 * 12 // the file is an XWD dump: header, colour map, pixels
	pixel := make([]byte, 4)
	if _, err := f.ReadAt(pixel, int64(binary.BigEndian.Uint32(header))+colours+(down*1366+across)*4); err != nil {
		return false
	}
	return min(pixel[0], pixel[1], pixel[2]) > 200
}

// residentOf is the resident memory of a process in MiB.
func residentOf(b *testing.B, pid int) float64 {
	b.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("this system tells no memory: %v", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib float64
		if n, _ := fmt.Sscanf(lines.Text(), "VmRSS: %f kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
