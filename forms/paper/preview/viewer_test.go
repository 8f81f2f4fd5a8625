package preview

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/assets"
)

func TestRenderDrawsColoursWhereTheyAre(t *testing.T) {
	works(t, newViewer(t))
}

func TestSizesArePointsAsSeen(t *testing.T) {
	d := open(t, newViewer(t), file("",
		catalog, kids(3),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Rotate 90>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/CropBox[10 10 60 40]>>",
	))
	if d.Pages() != 3 {
		t.Fatalf("%d pages", d.Pages())
	}
	for i, want := range []struct {
		w, h float64
		at96 image.Point
	}{
		{595.28, 841.89, image.Pt(794, 1123)},
		{100, 200, image.Pt(133, 267)},
		{50, 30, image.Pt(67, 40)},
	} {
		w, h := d.Size(i)
		if math.Abs(w-want.w) > 0.01 || math.Abs(h-want.h) > 0.01 {
			t.Errorf("page %d: %v×%v points", i, w, h)
		}
		if got := render(t, d, i, 96).Bounds().Size(); got != want.at96 {
			t.Errorf("page %d: %v dots at 96 dpi, want %v", i, got, want.at96)
		}
	}
	for _, i := range []int{-1, 3} {
		if w, h := d.Size(i); w != 0 || h != 0 {
			t.Errorf("page %d: %v×%v points", i, w, h)
		}
	}
}

func TestTextKeepsCharactersAboveTheFirstPlane(t *testing.T) {
	d := open(t, newViewer(t), spoken())
	text, err := d.Text(0)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Owed 386,452.30\n欠薪𠮷"; strings.TrimSpace(text) != want {
		t.Errorf("%q, want %q", text, want)
	}
	dark := 0
	for _, p := range render(t, d, 0, 72).Pix {
		if p < 128 {
			dark++
		}
	}
	if dark == 0 {
		t.Error("the standard face left no ink")
	}
}

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want string
	}{
		"pair":           {"\x42\xD8\xB7\xDF", "𠮷"},
		"half a pair":    {"\x42\xD8a\x00", "\uFFFDa"},
		"zero at end":    {"a\x00\x00\x00", "a"},
		"line ends":      {"a\x00\r\x00\n\x00b\x00", "a\nb"},
		"half a unit":    {"a\x00b", "a"},
		"nothing at all": {"", ""},
	} {
		if got := decode([]byte(c.in)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOpenRefusesInOneSentence(t *testing.T) {
	v := newViewer(t)
	whole := squares()
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i * 131 >> 3)
	}
	locked := file("/Encrypt 4 0 R/ID[<00><00>]", catalog, kids(1),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>",
		"<</Filter/Standard/V 1/R 2/P -4/O<"+strings.Repeat("11", 32)+">/U<"+strings.Repeat("22", 32)+">>>")
	for name, c := range map[string]struct {
		pdf  []byte
		says string
	}{
		"nothing":            {nil, "不是PDF"},
		"text":               {[]byte("限期改正指令书"), "不是PDF"},
		"picture":            {[]byte("\x89PNG\r\n\x1a\n"), "不是PDF"},
		"header only":        {[]byte("%PDF-1.7\n"), "损坏"},
		"noise after header": {append([]byte("%PDF-1.7\n"), noise...), "损坏"},
		"first third":        {whole[:len(whole)/3], "损坏"},
		"password":           {locked, "密码"},
		"no page":            {file("", catalog, "<</Type/Pages/Count 0/Kids[]>>"), "没有一页"},
		"too many pages":     {file("", catalog, "<</Type/Pages/Count 3000/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R>>"), "3000页"},
		"too large":          {make([]byte, maxBytes+1), "超过64MB"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := v.Open(context.Background(), c.pdf)
			if err == nil {
				d.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("says %q, want …%s…", err, c.says)
			}
		})
	}
	works(t, v)
}

func TestRenderRefusesInOneSentence(t *testing.T) {
	d := open(t, newViewer(t), squares())
	for _, c := range []struct {
		page int
		dpi  float64
		says string
	}{
		{-1, 96, "没有第0页"}, {1, 96, "没有第2页"},
		{0, 0, "第1页"}, {0, -96, "第1页"}, {0, math.NaN(), "第1页"}, {0, math.Inf(1), "第1页"},
		{0, 1e5, "调低分辨率"}, {0, math.MaxFloat64, "调低分辨率"},
	} {
		m, err := d.Render(context.Background(), c.page, c.dpi)
		if err == nil || m != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("page %d at %v: %v, want …%s…", c.page, c.dpi, err, c.says)
		}
	}
	if _, err := d.Text(1); err == nil || !strings.Contains(err.Error(), "没有第2页") {
		t.Errorf("text of page 1: %v", err)
	}
	checkSquares(t, d)
}

// A JPEG that breaks off is left by a long jump inside the module.
func TestBrokenPicturesLeaveTheRestOfThePage(t *testing.T) {
	photo := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range photo.Pix {
		photo.Pix[i] = byte(i * i >> 4)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photo, nil); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	v := newViewer(t)
	for name, body := range map[string]string{
		"whole":     whole,
		"half":      whole[:len(whole)/2],
		"head":      whole[:30],
		"no tables": strings.Replace(whole, "\xff\xdb", "\xff\xe5", 1),
		"no JPEG":   "欠薪",
	} {
		d := open(t, v, file("", catalog, kids(1),
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
			stream("", "1 0 0 rg 0 0 50 50 re f q 64 0 0 64 100 0 cm /P Do Q"),
			stream("/Type/XObject/Subtype/Image/Width 64/Height 64/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode", body)))
		if got := render(t, d, 0, 72).RGBAAt(25, 75); got != red {
			t.Errorf("%s: the square is %v", name, got)
		}
	}
	works(t, v)
}

func TestGoroutinesTakeTurns(t *testing.T) {
	v := newViewer(t)
	a, b := open(t, v, squares()), open(t, v, spoken())
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 5 {
				checkSquares(t, a)
			}
		})
		all.Go(func() {
			for range 5 {
				if text, err := b.Text(0); err != nil || !strings.Contains(text, "𠮷") {
					t.Errorf("%q, %v", text, err)
				}
			}
		})
	}
	all.Wait()
}

// trap makes the module reach outside its memory.
func trap(t *testing.T, v *Viewer) {
	t.Helper()
	_, err := turn(context.Background(), v, func(s *session) (int, error) {
		return s.number("FPDF_GetPageCount", 0xFFFFFFF0), nil
	})
	if err == nil || !strings.Contains(err.Error(), "无法处理") || strings.Contains(err.Error(), "\n") {
		t.Fatalf("trap: %v", err)
	}
}

func TestAViewerSurvivesATrap(t *testing.T) {
	v := newViewer(t)
	d := open(t, v, squares())
	for range 3 {
		trap(t, v)
		checkSquares(t, d) // opened before
		works(t, v)        // opened after
	}
	trap(t, v)
	d.Close() // its instance is gone
	works(t, v)
}

func TestAPanicInATurnIsAnError(t *testing.T) {
	v := newViewer(t)
	_, err := turn(context.Background(), v, func(*session) (int, error) { panic("out of range") })
	if err == nil || !strings.Contains(err.Error(), "out of range") {
		t.Fatalf("panic: %v", err)
	}
	works(t, v)
}

// slow is a page of 10ⁿ squares in a few hundred bytes.
func slow(n int) []byte {
	objects := []string{catalog, kids(1),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
		stream("", "/F Do")}
	for i := range n {
		objects = append(objects, stream(
			"/Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject<</F "+strconv.Itoa(6+i)+" 0 R>>>>",
			strings.Repeat("/F Do ", 10)))
	}
	return file("", append(objects, stream("/Type/XObject/Subtype/Form/BBox[0 0 200 100]", "0 0 9 9 re f"))...)
}

func TestAPageWithoutEndIsLeftBehind(t *testing.T) {
	v := newViewer(t)
	d, long := open(t, v, squares()), open(t, v, slow(4))
	v.patience = time.Millisecond
	m, err := long.Render(context.Background(), 0, 96)
	if m != nil || err == nil || !strings.Contains(err.Error(), "太复杂") {
		t.Fatalf("a page without end: %v", err)
	}
	v.patience = turnTime
	checkSquares(t, d)
	if err := v.Close(); err != nil { // while it still runs
		t.Errorf("close: %v", err)
	}
	for v.running() {
		time.Sleep(time.Millisecond)
	}
}

// After one page that ran away the next ones are stopped: no number of them takes the renderer away.
func TestNoNumberOfPagesWithoutEndTakesTheRenderer(t *testing.T) {
	v := newViewer(t)
	d, long := open(t, v, squares()), open(t, v, slow(6))
	for range maxStrays + 3 {
		v.patience = 100 * time.Millisecond
		if _, err := long.Render(context.Background(), 0, 96); err == nil || !strings.Contains(err.Error(), "太复杂") {
			t.Fatalf("a page without end: %v", err)
		}
		v.patience = turnTime
		checkSquares(t, d)
	}
	if v.strays > 1 {
		t.Errorf("%d instances were left behind", v.strays)
	}
}

func TestStraysAreCounted(t *testing.T) {
	v := newViewer(t)
	d := open(t, v, squares())
	release := make(chan struct{})
	for range maxStrays {
		checkSquares(t, d)
		v.patience = time.Millisecond
		_, err := turn(context.Background(), v, func(*session) (int, error) { <-release; return 0, nil })
		if err == nil {
			t.Fatal("a turn without end ended")
		}
		v.patience = turnTime
	}
	if _, err := d.Render(context.Background(), 0, 96); err == nil || !strings.Contains(err.Error(), "重新打开程序") {
		t.Errorf("with %d strays: %v", maxStrays, err)
	}
	if err := v.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if !v.running() {
		t.Error("the machine code was freed under a running instance")
	}
	close(release)
	for v.running() {
		time.Sleep(time.Millisecond)
	}
}

// running tells whether the machine code is still in use.
func (v *Viewer) running() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.engine != nil || v.strays > 0
}

func TestCancelledTurnsAreNotTaken(t *testing.T) {
	v := newViewer(t)
	d := open(t, v, squares())
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if m, err := d.Render(done, 0, 96); !errors.Is(err, context.Canceled) || m != nil {
		t.Errorf("render: %v", err)
	}
	if _, err := v.Open(done, squares()); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	checkSquares(t, d)
}

func TestClosedThingsSaySo(t *testing.T) {
	v := New(assets.Pdfium, cache)
	d, err := v.Open(context.Background(), squares())
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	d.Close()
	if _, err := d.Render(context.Background(), 0, 96); !errors.Is(err, errClosed) {
		t.Errorf("closed document: %v", err)
	}
	left := open(t, v, squares())
	if err := errors.Join(v.Close(), v.Close()); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := v.Open(context.Background(), squares()); err == nil || !strings.Contains(err.Error(), "关闭") {
		t.Errorf("closed viewer: %v", err)
	}
	if _, err := left.Text(0); err == nil || !strings.Contains(err.Error(), "关闭") {
		t.Errorf("document of a closed viewer: %v", err)
	}
}

// heavy is an empty page in a file of size bytes.
func heavy(box string, size int) []byte {
	return file("", catalog, kids(1), "<</Type/Page/Parent 2 0 R/MediaBox"+box+">>",
		stream("", strings.Repeat("x", size)))
}

func TestDocumentsGiveTheirMemoryBack(t *testing.T) {
	v := newViewer(t)
	pdf := heavy("[0 0 200 100]", 1<<20)
	round := func() uint32 {
		d, err := v.Open(context.Background(), pdf)
		if err != nil {
			t.Fatal(err)
		}
		render(t, d, 0, 72)
		if _, err := d.Text(0); err != nil {
			t.Fatal(err)
		}
		d.Close()
		return v.lib.memorySize()
	}
	round()
	first := round()
	for range 60 {
		round()
	}
	if last := round(); last > first {
		t.Errorf("memory grew from %d to %d", first, last)
	}
}

func TestALargeInstanceIsGivenUp(t *testing.T) {
	v := newViewer(t)
	other := open(t, v, squares())
	d := open(t, v, heavy("[0 0 5000 5000]", 40<<20))
	if got := render(t, d, 0, 72).RGBAAt(2500, 2500); got != white {
		t.Errorf("empty page: %v", got)
	}
	d.Close()
	if v.lib != nil {
		t.Errorf("an instance of %d bytes was kept", v.lib.memorySize())
	}
	checkSquares(t, other)
}

func TestACacheThatCannotBeReadIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	use := func() {
		v := New(assets.Pdfium, dir)
		works(t, v)
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
	}
	use()
	var files []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("cached files %v, %v", files, err)
	}
	for _, f := range files {
		if err := os.Truncate(f, 100); err != nil {
			t.Fatal(err)
		}
	}
	use()
	for _, f := range files {
		if s, err := os.Stat(f); err != nil || s.Size() <= 100 {
			t.Errorf("the cache was not mended: %v", err)
		}
	}
}

func TestAModuleThatIsNotThereIsAnErrorEachTime(t *testing.T) {
	gone := errors.New("gone")
	v := New(func() ([]byte, error) { return nil, gone }, "")
	for range 2 {
		if _, err := v.Open(context.Background(), squares()); !errors.Is(err, gone) {
			t.Errorf("open: %v", err)
		}
	}
	v = New(func() ([]byte, error) { return []byte("no module"), nil }, "")
	if _, err := v.Open(context.Background(), squares()); err == nil {
		t.Error("a module of noise was started")
	}
}

// Whatever bytes change in a file, the viewer goes on.
func TestAnyDamageIsBorne(t *testing.T) {
	v := newViewer(t)
	files := [][]byte{squares(), spoken(), slow(1)}
	rapid.Check(t, func(t *rapid.T) {
		pdf := bytes.Clone(rapid.SampledFrom(files).Draw(t, "file"))
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			pdf[rapid.IntRange(8, len(pdf)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		useAll(v, pdf[:rapid.IntRange(8, len(pdf)).Draw(t, "length")])
		d, err := v.Open(context.Background(), squares())
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if m, err := d.Render(context.Background(), 0, 72); err != nil || m.RGBAAt(25, 75) != red {
			t.Fatalf("the next file: %v", err)
		}
	})
}
