package runner_test

import (
	"testing"

	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

func TestMain(m *testing.M) { runnertest.Main(m) }
