package synctest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// Fault classes a story can end with.
const (
	Lost       = "lost"
	Duplicated = "duplicated"
	Diverged   = "diverged"
	Stuck      = "stuck"
)

// Judge hears what is wrong with one story instead of failing the test it runs
// in, so that thousands can be told and counted, and planted mistakes caught.
type Judge struct {
	testing.TB
	mu       sync.Mutex
	faults   []string
	cleanups []func()
}

// classOf says what a fault amounts to for the officers.
func classOf(fault string) string {
	switch {
	case strings.HasPrefix(fault, "I1:"), strings.HasPrefix(fault, "I2:"), strings.HasPrefix(fault, "I5:"), strings.HasPrefix(fault, "I8:"), strings.HasPrefix(fault, "I9:"):
		return Lost
	case strings.HasPrefix(fault, "I4:"), strings.HasPrefix(fault, "I7:"):
		return Duplicated
	case strings.HasPrefix(fault, "I3:"), strings.HasPrefix(fault, "I6:"), strings.HasPrefix(fault, "I11:"):
		return Diverged
	}
	return Stuck
}

func (j *Judge) add(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.faults = append(j.faults, text)
}

// Error and its kin implement testing.TB.
func (j *Judge) Error(args ...any)                 { j.add(fmt.Sprint(args...)) }
func (j *Judge) Errorf(format string, args ...any) { j.add(fmt.Sprintf(format, args...)) }
func (j *Judge) Fatal(args ...any) {
	j.Error(args...)
	runtime.Goexit()
}
func (j *Judge) Fatalf(format string, args ...any) {
	j.Errorf(format, args...)
	runtime.Goexit()
}

// Failed implements testing.TB.
func (j *Judge) Failed() bool { return len(j.Faults()) > 0 }

// Cleanup implements testing.TB: the story is tidied up when it ends, not when
// the test does.
func (j *Judge) Cleanup(f func()) { j.cleanups = append(j.cleanups, f) }

// memoryDisk is where Linux keeps files in memory: as real a file system as any
// for a program that is killed, and a hundred times as fast to sync.
const memoryDisk = "/dev/shm"

// tempDir is a folder in memory where there can be one, gone when the story or
// test ends; a benchmark gets a real disk.
func tempDir(t testing.TB) string {
	t.Helper()
	parent := memoryDisk
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		parent = ""
	}
	if _, measured := t.(*testing.B); measured {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(parent, "anxin-story-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// Faults are what was heard so far.
func (j *Judge) Faults() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string(nil), j.faults...)
}

// Hear runs a story to its end and returns what was wrong with it. A program
// that falls is wrong too.
func Hear(t testing.TB, story func(*Judge)) []string {
	j := &Judge{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(j.cleanups) - 1; i >= 0; i-- {
				j.cleanups[i]()
			}
		}()
		defer func() {
			if p := recover(); p != nil {
				j.add(fmt.Sprintf("panic: %v", p))
			}
		}()
		story(j)
	}()
	<-done
	return j.Faults()
}
