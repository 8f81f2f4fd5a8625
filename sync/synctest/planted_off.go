//go:build !planted

package synctest

import (
	"anxin/model"
	"anxin/model/store"
	"anxin/sync/client"
	"anxin/sync/hub"
)

// Without the tag planted nothing of the mistakes is in the program.

func (Bugs) merger(sound store.Merger) store.Merger { return sound }
func (Bugs) journal(j Journal) client.Journal       { return j }
func (Bugs) hubStore(s *MemHub, _ int) hub.Store    { return s }
func (Bugs) hubFiles(f hub.Blobs) hub.Blobs         { return f }
func (Bugs) successor() successor                   { return model.CheckSuccessor }
func (Bugs) diskStore(s hub.Store) hub.Store        { return s }
func (Bugs) mark(path string) string                { return path }
