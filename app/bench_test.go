package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	program, dir := fullLaptop(b)
	x := newDisplay(b)
	var first, unlocked, resident float64
	runs := 0
	for b.Loop() {
		p, f := x.start(b, program, dir)
		u := x.unlock(b)
		first, unlocked, resident = first+f.Seconds(), unlocked+u.Seconds(), resident+residentOf(b, p.Process.Pid)
		runs++
		x.stop(b, p)
	}
	n := float64(runs)
	b.ReportMetric(first/n, "s-to-first-frame")
	b.ReportMetric(unlocked/n, "s-unlock-to-page")
	b.ReportMetric(resident/n, "MiB-resident")
}

// fullLaptop is the built program and the data of a bureau's laptop that opens
// with its employers. Where something is missing the benchmark is skipped.
func fullLaptop(b *testing.B) (program, dir string) {
	b.Helper()
	program, err := filepath.Abs(filepath.Join("..", "build", "anxin"))
	if err != nil {
		b.Fatal(err)
	}
	for _, tool := range []string{program, "Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Skipf("the real window needs %s: %v", filepath.Base(tool), err)
		}
	}
	d := newTestDesktop(b)
	d.foundWith(b, benchPhrase)
	fill(b, d.office, benchRecords)
	d.prefs.Set("window.page", "employers")
	d.close()
	return program, d.dir
}

// frame is what one picture of sixty a second may take; one that takes two
// was seen to stay away.
const frame = time.Second / 60

// BenchmarkScroll turns the wheel over the employers of a full laptop, whose
// page lists the newest of them, in the real window, faster than pictures can
// follow, and counts the pictures: how many a second and of how many that were
// due, how long each took to follow the one before, and how many stayed away.
// What a picture costs the processor says something on a busy machine too: the
// window's own thread, and all, those that draw for want of a graphics card too.
func BenchmarkScroll(b *testing.B) {
	program, dir := fullLaptop(b)
	x := newDisplay(b)
	p, _ := x.start(b, program, dir)
	defer x.stop(b, p)
	x.unlock(b)
	x.run(b, "xdotool", "mousemove", "500", "450")
	var times []time.Duration
	used, window := cpuOf(b, p.Process.Pid), windowOf(b, p.Process.Pid)
	for down := true; b.Loop(); down = !down {
		times = append(times, x.wheel(b, down)...)
	}
	used, window = cpuOf(b, p.Process.Pid)-used, windowOf(b, p.Process.Pid)-window
	slices.Sort(times)
	var all time.Duration
	late := 0
	for _, t := range times {
		if all += t; t > 2*frame {
			late++
		}
	}
	milliseconds := func(share int) float64 { return times[len(times)*share/100].Seconds() * 1000 }
	b.ReportMetric(float64(len(times))/all.Seconds(), "frames/s")
	b.ReportMetric(float64(len(times))*100*float64(frame)/float64(all), "%-of-due")
	b.ReportMetric(window.Seconds()*1000/float64(len(times)), "window-cpu-ms/frame")
	b.ReportMetric(used.Seconds()*1000/float64(len(times)), "cpu-ms/frame")
	b.ReportMetric(milliseconds(50), "ms-p50")
	b.ReportMetric(milliseconds(95), "ms-p95")
	b.ReportMetric(milliseconds(99), "ms-p99")
	b.ReportMetric(float64(late)*100/float64(len(times)), "%-dropped")
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

// command is a program that shows itself on this display.
func (x display) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "DISPLAY="+x.name)
	return c
}

func (x display) run(b *testing.B, name string, args ...string) {
	b.Helper()
	if out, err := x.command(name, args...).CombinedOutput(); err != nil {
		b.Fatalf("%s: %v, %s", name, err, out)
	}
}

// start starts the program and waits for its first frame.
func (x display) start(b *testing.B, program, dir string) (p *exec.Cmd, first time.Duration) {
	b.Helper()
	empty := x.shown()
	p = x.command(program, "-data", dir)
	if err := p.Start(); err != nil {
		b.Fatal(err)
	}
	return p, x.await(b, "the first frame", func() bool { return x.shown() != empty })
}

// stop ends the program and waits until its window is gone.
func (x display) stop(b *testing.B, p *exec.Cmd) {
	b.Helper()
	p.Process.Kill()
	p.Wait()
	x.await(b, "the empty screen", func() bool { return !x.light(1250, 600) && !x.light(683, 384) })
}

// unlock types the passphrase and waits until the page rests.
func (x display) unlock(b *testing.B) (unlocked time.Duration) {
	b.Helper()
	time.Sleep(time.Second)
	x.run(b, "xdotool", "type", "--delay", "30", benchPhrase)
	time.Sleep(time.Second)
	last := x.shown()
	x.run(b, "xdotool", "key", "Return")
	begin := time.Now()
	for since := begin; time.Since(since) < 1500*time.Millisecond && time.Since(begin) < 30*time.Second; { // until the screen rests
		if now := x.shown(); now != last {
			last, since = now, time.Now()
			unlocked = time.Since(begin)
		}
		time.Sleep(2 * time.Millisecond)
	}
	if !x.light(1250, 600) { // the unlock screen is dark there, a page is not
		b.Fatal("the passphrase did not open the page")
	}
	return unlocked
}

// wheel turns the wheel for some seconds and returns how long each picture
// followed the one before.
func (x display) wheel(b *testing.B, down bool) (times []time.Duration) {
	b.Helper()
	button := "4"
	if down {
		button = "5"
	}
	turning := x.command("xdotool", "click", "--repeat", "400", "--delay", "8", button)
	if err := turning.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- turning.Wait() }()
	var since time.Time
	rows := make([]byte, bandRows*1366*4)
	for last := x.band(b, rows); ; time.Sleep(500 * time.Microsecond) {
		if x.band(b, rows) != last {
			now := time.Now()
			if !since.IsZero() {
				times = append(times, now.Sub(since))
			}
			since = now
			time.Sleep(2 * time.Millisecond) // the server is still copying the picture
			last = x.band(b, rows)
		}
		select {
		case err := <-ended:
			if err != nil || len(times) < 10 {
				b.Fatalf("the wheel: %v, %d pictures", err, len(times))
			}
			return times
		default:
		}
	}
}

// bandRows are somewhat more lines of the screen than a row of a list has.
const bandRows = 36

// band is the sum of the part of the screen where a row of a list stands.
func (x display) band(b *testing.B, rows []byte) uint32 {
	b.Helper()
	f, err := os.Open(x.pixels)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := f.ReadAt(rows, 430*1366*4); err != nil {
		b.Fatal(err)
	}
	return crc32.ChecksumIEEE(rows)
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

// cpuOf is how long a process has computed, on all its threads.
func cpuOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("this system tells no times: %v", err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var ticks int64
	for _, at := range []int{11, 12} { // of the program and of the system for it
		n, err := strconv.ParseInt(fields[at], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// windowOf is how long the thread of the window has computed, the first of the
// process.
func windowOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/schedstat", pid, pid))
	if err != nil {
		b.Skipf("this system tells no times: %v", err)
	}
	ns, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(ns)
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
