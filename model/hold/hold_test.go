package hold_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"anxin/model/hold"
)

// holdVariable makes the test program hold the folder it names.
const holdVariable = "ANXIN_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		release, err := hold.Folder(dir)
		if err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString("held\n")
		time.Sleep(time.Hour) // it is killed long before
		release()
	}
	os.Exit(m.Run())
}

func TestOneProgramHoldsAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	release, err := hold.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Folder(dir); !errors.Is(err, hold.ErrHeld) {
		t.Errorf("a second program got %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("holding made the folder, which has to be empty for a restore")
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := hold.Folder(dir)
	if err != nil {
		t.Fatalf("released, yet %v", err)
	}
	again()
}

func TestTwoNamesOfAFolderAreOne(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, other); err != nil {
		t.Skipf("this system makes no links: %v", err)
	}
	release, err := hold.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := hold.Folder(other); !errors.Is(err, hold.ErrHeld) {
		t.Errorf("by its other name: %v", err)
	}
}

func TestAKilledProgramHoldsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), holdVariable+"="+dir)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other program said %q", line)
	}
	if _, err := hold.Folder(dir); !errors.Is(err, hold.ErrHeld) {
		t.Errorf("while another program runs: %v", err)
	}
	other.Process.Kill()
	other.Wait()
	release, err := hold.Folder(dir)
	if err != nil {
		t.Fatalf("after a kill: %v", err)
	}
	release()
}
