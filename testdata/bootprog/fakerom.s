# A boot sector that plays a PXE ROM for the tests of bootrig.s: it loads the program and what a test
# says the ROM has, and enters the program as a ROM does.
#
# The disk: this sector; 4 sectors of program, for 0:7C00; 4 sectors of the test's data, for 0:9000:
#   9000 packet 2, 9200 packet 3 (512 bytes each; first byte 0: there is none)
#   9400 structures, as the test likes them, with entry points 0:0604 (!PXE) and 0:0608 (PXENV+)
#   9600 the dword at SS:SP+4, 9604 ES:BX, 9608 the answer to int 1Ah: AX, ES:BX

	.intel_syntax noprefix
	.code16
	.text
	.globl	start
	.set	here, 0x600		# where it runs, out of the program's way
	.set	data, 0x9000

start:	jmp	main
	.org	4
	jmp	near ptr by_stack
	.org	8
	jmp	near ptr by_registers

main:	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	sp, 0x7000
	mov	si, 0x7c00
	mov	di, here
	mov	cx, 256
	cld
	rep	movsw
	jmp	0:here+(loaded-start)
loaded:	mov	si, here+(program-start)	# DL is still the disk
	mov	ah, 0x42
	int	0x13
	jc	dead
	mov	si, here+(datablock-start)
	mov	ah, 0x42
	int	0x13
	jc	dead
	mov	word ptr ds:[0x1a*4], here+(check-start)
	mov	word ptr ds:[0x1a*4+2], 0
	les	bx, ds:[data+0x604]
	push	dword ptr ds:[data+0x600]
	lcall	0:0x7c00
	cli
dead:	hlt
	jmp	dead

# int 1Ah, PXE installation check
check:	les	bx, cs:[data+0x60a]
	mov	ax, cs:[data+0x608]
	iret

by_stack:
	mov	bp, sp
	mov	bx, [bp+4]
	les	di, [bp+6]
by_registers:
	mov	ax, 1			# PXENV_EXIT_FAILURE
	cmp	bx, 0x71
	jne	9f
	mov	si, data
	cmp	word ptr es:[di+2], 2
	je	1f
	add	si, 0x200
1:	cmp	byte ptr cs:[si], 0
	je	9f
	mov	cx, 512
	mov	es:[di+4], cx
	les	di, es:[di+6]
	push	ds
	push	cs
	pop	ds
	rep	movsb
	pop	ds
	std				# a ROM need not keep what is ours
	mov	cx, 0x1234
	mov	es, cx
	xor	ax, ax
9:	retf

	.balign	4
program:	.byte	16, 0
		.word	4, 0x7c00, 0
		.quad	1
datablock:	.byte	16, 0
		.word	4, data, 0
		.quad	5
	.org	510
	.byte	0x55, 0xaa
