package tap

import "context"

func parent(ctx context.Context) int  { return 0 }
func longRun(ctx context.Context) int { return 0 }
