	.file	"levers_test.c"
	.text
.Ltext0:
	.file 0 "/work/team/hands" "test/process/levers_test.c"
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC12:
	.string	"/proc/self/exe"
.LC13:
	.string	"test/process/process.h"
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align 8
.LC14:
	.string	"readlink(\"/proc/self/exe\", path, sizeof path - 1) > 0"
	.section	.rodata.str1.1
.LC15:
	.string	"program"
.LC16:
	.string	"%s/../../app/%s"
	.section	.rodata.str1.8
	.align 8
.LC17:
	.string	"asprintf(&program, \"%s/../../app/%s\", dirname(path), name) > 0"
	.text
	.p2align 4
	.type	process_program, @function
process_program:
.LVL0:
.LFB38:
	.file 1 "test/process/process.h"
	.loc 1 144 55 view -0
	.cfi_startproc
	.loc 1 144 55 is_stmt 0 view .LVU1
	pushq	%r12
	.cfi_def_cfa_offset 16
	.cfi_offset 12, -16
	.loc 1 145 10 view .LVU2
	movl	$510, %ecx
	pxor	%xmm0, %xmm0
	.loc 1 146 5 view .LVU3
	movl	$4095, %edx
	.loc 1 144 55 view .LVU4
	pushq	%rbp
	.cfi_def_cfa_offset 24
	.cfi_offset 6, -24
	.loc 1 146 5 view .LVU5
	leaq	.LC13(%rip), %rbp
	.loc 1 144 55 view .LVU6
	pushq	%rbx
	.cfi_def_cfa_offset 32
	.cfi_offset 3, -32
	movq	%rdi, %rbx
	subq	$4128, %rsp
	.cfi_def_cfa_offset 4160
	.loc 1 144 55 view .LVU7
	movq	%fs:40, %rax
	movq	%rax, 4120(%rsp)
	xorl	%eax, %eax
	.loc 1 145 5 is_stmt 1 view .LVU8
	.loc 1 145 10 is_stmt 0 view .LVU9
	leaq	32(%rsp), %rdi
.LVL1:
	.loc 1 146 5 view .LVU10
	leaq	16(%rsp), %r12
	.loc 1 145 10 view .LVU11
	movaps	%xmm0, 16(%rsp)
	.loc 1 146 5 view .LVU12
	movq	%r12, %rsi
	.loc 1 145 10 view .LVU13
	rep stosq
	.loc 1 146 5 is_stmt 1 view .LVU14
	leaq	.LC12(%rip), %rdi
	call	readlink@PLT
.LVL2:
	xorl	%edi, %edi
	movl	$146, %ecx
	movq	%rbp, %rdx
	testq	%rax, %rax
	leaq	.LC14(%rip), %rsi
	setg	%dil
	call	_assert_true@PLT
.LVL3:
	.loc 1 147 5 view .LVU15
	.loc 1 148 8 is_stmt 0 view .LVU16
	cmpb	$47, (%rbx)
	.loc 1 147 11 view .LVU17
	movq	$0, 8(%rsp)
	.loc 1 148 5 is_stmt 1 view .LVU18
	.loc 1 148 8 is_stmt 0 view .LVU19
	je	.L7
	.loc 1 153 5 is_stmt 1 view .LVU20
	movq	%r12, %rdi
	call	dirname@PLT
.LVL4:
	leaq	8(%rsp), %rdi
	movq	%rbx, %rcx
	leaq	.LC16(%rip), %rsi
	movq	%rax, %rdx
	xorl	%eax, %eax
	call	asprintf@PLT
.LVL5:
	xorl	%edi, %edi
	movl	$153, %ecx
	movq	%rbp, %rdx
	testl	%eax, %eax
	leaq	.LC17(%rip), %rsi
	setg	%dil
	call	_assert_true@PLT
.LVL6:
	.loc 1 154 5 view .LVU21
	.loc 1 154 12 is_stmt 0 view .LVU22
	movq	8(%rsp), %rax
.L1:
	.loc 1 155 1 view .LVU23
	movq	4120(%rsp), %rdx
	subq	%fs:40, %rdx
	jne	.L8
	addq	$4128, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 32
	popq	%rbx
	.cfi_def_cfa_offset 24
.LVL7:
	.loc 1 155 1 view .LVU24
	popq	%rbp
	.cfi_def_cfa_offset 16
	popq	%r12
	.cfi_def_cfa_offset 8
	ret
.LVL8:
	.p2align 4,,10
	.p2align 3
.L7:
	.cfi_restore_state
	.loc 1 149 9 is_stmt 1 view .LVU25
	.loc 1 149 19 is_stmt 0 view .LVU26
	movq	%rbx, %rdi
	call	strdup@PLT
.LVL9:
	.loc 1 150 9 view .LVU27
	movl	$150, %ecx
	movq	%rbp, %rdx
	leaq	.LC15(%rip), %rsi
	.loc 1 149 19 view .LVU28
	movq	%rax, %rdi
	.loc 1 149 17 view .LVU29
	movq	%rax, 8(%rsp)
	.loc 1 150 9 is_stmt 1 view .LVU30
	call	_assert_true@PLT
.LVL10:
	.loc 1 151 9 view .LVU31
	.loc 1 151 16 is_stmt 0 view .LVU32
	movq	8(%rsp), %rax
	jmp	.L1
.L8:
	.loc 1 155 1 view .LVU33
	call	__stack_chk_fail@PLT
.LVL11:
	.cfi_endproc
.LFE38:
	.size	process_program, .-process_program
	.section	.rodata.str1.1
.LC19:
	.string	"process_count < PROCESS_MAX"
	.section	.rodata.str1.8
	.align 8
.LC20:
	.string	"pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0"
	.section	.rodata.str1.1
.LC21:
	.string	"process->id >= 0"
.LC22:
	.string	"xterm"
.LC23:
	.string	"TERM"
.LC24:
	.string	"UTC"
.LC25:
	.string	"TZ"
	.text
	.p2align 4
	.type	process_start_with, @function
process_start_with:
.LVL12:
.LFB40:
	.loc 1 176 89 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 176 89 is_stmt 0 view .LVU35
	pushq	%r13
	.cfi_def_cfa_offset 16
	.cfi_offset 13, -16
	.loc 1 178 31 view .LVU36
	movl	$120, %esi
	.loc 1 176 89 view .LVU37
	pushq	%r12
	.cfi_def_cfa_offset 24
	.cfi_offset 12, -24
	.loc 1 180 5 view .LVU38
	leaq	.LC13(%rip), %r12
	.loc 1 176 89 view .LVU39
	pushq	%rbp
	.cfi_def_cfa_offset 32
	.cfi_offset 6, -32
	movq	%rdi, %rbp
	.loc 1 178 31 view .LVU40
	movl	$1, %edi
.LVL13:
	.loc 1 176 89 view .LVU41
	pushq	%rbx
	.cfi_def_cfa_offset 40
	.cfi_offset 3, -40
	subq	$56, %rsp
	.cfi_def_cfa_offset 96
	.loc 1 176 89 view .LVU42
	movq	%fs:40, %rax
	movq	%rax, 40(%rsp)
	xorl	%eax, %eax
	.loc 1 177 5 is_stmt 1 view .LVU43
	.loc 1 177 9 is_stmt 0 view .LVU44
	movq	.LC18(%rip), %rax
	movq	%rax, 16(%rsp)
	.loc 1 177 27 view .LVU45
	movq	%rax, 24(%rsp)
	.loc 1 177 46 view .LVU46
	movq	%rax, 32(%rsp)
	.loc 1 178 5 is_stmt 1 view .LVU47
	.loc 1 178 31 is_stmt 0 view .LVU48
	call	calloc@PLT
.LVL14:
	movq	%rax, %rbx
.LVL15:
	.loc 1 179 5 is_stmt 1 view .LVU49
	.loc 1 179 21 is_stmt 0 view .LVU50
	movq	8(%rbp), %rax
.LVL16:
	.loc 1 179 21 view .LVU51
	movq	(%rax), %rdi
	call	process_program
.LVL17:
	.loc 1 180 5 view .LVU52
	xorl	%edi, %edi
	movl	$180, %ecx
	movq	%r12, %rdx
	cmpq	$127, process_count(%rip)
	leaq	.LC19(%rip), %rsi
	.loc 1 179 21 view .LVU53
	movq	%rax, %r13
.LVL18:
	.loc 1 180 5 is_stmt 1 view .LVU54
	setbe	%dil
	call	_assert_true@PLT
.LVL19:
	.loc 1 181 5 view .LVU55
	leaq	16(%rsp), %rdi
	movl	$524288, %esi
	call	pipe2@PLT
.LVL20:
	testl	%eax, %eax
	je	.L10
.L12:
	.loc 1 176 89 is_stmt 0 view .LVU56
	xorl	%edi, %edi
.L11:
	.loc 1 181 5 discriminator 8 view .LVU57
	movl	$181, %ecx
	movq	%r12, %rdx
	leaq	.LC20(%rip), %rsi
	call	_assert_true@PLT
.LVL21:
	.loc 1 183 5 is_stmt 1 discriminator 8 view .LVU58
	.loc 1 183 19 is_stmt 0 discriminator 8 view .LVU59
	call	fork@PLT
.LVL22:
	.loc 1 184 5 discriminator 8 view .LVU60
	movl	$184, %ecx
	movq	%r12, %rdx
	leaq	.LC21(%rip), %rsi
	movslq	%eax, %rdi
	.loc 1 183 17 discriminator 8 view .LVU61
	movl	%eax, (%rbx)
	.loc 1 184 5 is_stmt 1 discriminator 8 view .LVU62
	notq	%rdi
	shrq	$63, %rdi
	call	_assert_true@PLT
.LVL23:
	.loc 1 185 5 discriminator 8 view .LVU63
	.loc 1 185 8 is_stmt 0 discriminator 8 view .LVU64
	movl	(%rbx), %eax
	testl	%eax, %eax
	je	.L25
	.loc 1 191 5 is_stmt 1 view .LVU65
	movl	16(%rsp), %edi
	call	close@PLT
.LVL24:
	.loc 1 192 5 view .LVU66
	movl	28(%rsp), %edi
	call	close@PLT
.LVL25:
	.loc 1 193 5 view .LVU67
	movl	36(%rsp), %edi
	call	close@PLT
.LVL26:
	.loc 1 194 5 view .LVU68
	movq	%r13, %rdi
	call	free@PLT
.LVL27:
	.loc 1 195 5 view .LVU69
	movl	20(%rsp), %edi
	movl	$2048, %edx
	xorl	%eax, %eax
	movl	$4, %esi
	call	fcntl64@PLT
.LVL28:
	movq	%r12, %rdx
	movl	$195, %ecx
	xorl	%esi, %esi
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL29:
	.loc 1 196 5 view .LVU70
	.loc 1 196 35 is_stmt 0 view .LVU71
	movq	8(%rbp), %rax
	.loc 1 197 17 view .LVU72
	movd	20(%rsp), %xmm0
	movd	24(%rsp), %xmm1
	.loc 1 196 35 view .LVU73
	movq	(%rax), %rax
	.loc 1 197 17 view .LVU74
	punpckldq	%xmm1, %xmm0
	.loc 1 196 19 view .LVU75
	movq	%rax, 104(%rbx)
	.loc 1 197 5 is_stmt 1 view .LVU76
	.loc 1 198 5 view .LVU77
	.loc 1 199 21 is_stmt 0 view .LVU78
	movl	32(%rsp), %eax
	.loc 1 197 17 view .LVU79
	movq	%xmm0, 4(%rbx)
	.loc 1 199 5 is_stmt 1 view .LVU80
	.loc 1 199 21 is_stmt 0 view .LVU81
	movl	%eax, 56(%rbx)
	.loc 1 200 5 is_stmt 1 view .LVU82
	.loc 1 200 30 is_stmt 0 view .LVU83
	movq	process_count(%rip), %rax
	leaq	1(%rax), %rdx
	movq	%rdx, process_count(%rip)
	.loc 1 200 34 view .LVU84
	leaq	process_all(%rip), %rdx
	movq	%rbx, (%rdx,%rax,8)
	.loc 1 201 5 is_stmt 1 view .LVU85
	.loc 1 202 1 is_stmt 0 view .LVU86
	movq	40(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L26
	.loc 1 202 1 view .LVU87
	addq	$56, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 40
	movq	%rbx, %rax
	popq	%rbx
	.cfi_def_cfa_offset 32
.LVL30:
	.loc 1 202 1 view .LVU88
	popq	%rbp
	.cfi_def_cfa_offset 24
.LVL31:
	.loc 1 202 1 view .LVU89
	popq	%r12
	.cfi_def_cfa_offset 16
	popq	%r13
	.cfi_def_cfa_offset 8
.LVL32:
	.loc 1 202 1 view .LVU90
	ret
.LVL33:
	.p2align 4,,10
	.p2align 3
.L10:
	.cfi_restore_state
	.loc 1 181 5 discriminator 1 view .LVU91
	leaq	24(%rsp), %rdi
	movl	$524288, %esi
	call	pipe2@PLT
.LVL34:
	testl	%eax, %eax
	jne	.L12
	.loc 1 181 5 discriminator 3 view .LVU92
	leaq	32(%rsp), %rdi
	movl	$524288, %esi
	call	pipe2@PLT
.LVL35:
	xorl	%edi, %edi
	testl	%eax, %eax
	sete	%dil
	jmp	.L11
.L25:
	.loc 1 186 9 is_stmt 1 view .LVU93
	movl	16(%rsp), %edi
	xorl	%esi, %esi
	call	dup2@PLT
.LVL36:
	.loc 1 187 9 view .LVU94
	movl	28(%rsp), %edi
	movl	$1, %esi
	call	dup2@PLT
.LVL37:
	.loc 1 188 9 view .LVU95
	movl	36(%rsp), %edi
	movl	$2, %esi
	call	dup2@PLT
.LVL38:
	.loc 1 189 9 view .LVU96
.LBB83:
.LBI83:
	.loc 1 157 30 view .LVU97
.LBB84:
	.loc 1 158 5 view .LVU98
	.loc 1 158 11 is_stmt 0 view .LVU99
	movl	$9, %esi
	movl	$1, %edi
	xorl	%eax, %eax
	call	prctl@PLT
.LVL39:
	.loc 1 159 5 is_stmt 1 view .LVU100
	.loc 1 159 16 is_stmt 0 view .LVU101
	movq	16(%rbp), %rax
	.loc 1 159 8 view .LVU102
	testq	%rax, %rax
	jne	.L27
.L14:
	.loc 1 163 5 is_stmt 1 view .LVU103
	.loc 1 163 8 is_stmt 0 view .LVU104
	cmpb	$0, 24(%rbp)
	je	.L15
	.loc 1 163 34 view .LVU105
	call	geteuid@PLT
.LVL40:
	.loc 1 163 31 view .LVU106
	testl	%eax, %eax
	je	.L28
.L15:
	.loc 1 167 5 is_stmt 1 view .LVU107
	.loc 1 167 11 is_stmt 0 view .LVU108
	movl	$1, %edx
	leaq	.LC22(%rip), %rsi
	leaq	.LC23(%rip), %rdi
	call	setenv@PLT
.LVL41:
	.loc 1 168 5 is_stmt 1 view .LVU109
	.loc 1 168 11 is_stmt 0 view .LVU110
	leaq	.LC25(%rip), %rdi
	movl	$1, %edx
	leaq	.LC24(%rip), %rsi
	call	setenv@PLT
.LVL42:
	.loc 1 169 5 is_stmt 1 view .LVU111
	.loc 1 169 9 is_stmt 0 view .LVU112
	movq	0(%rbp), %rdi
	call	chdir@PLT
.LVL43:
	.loc 1 169 8 view .LVU113
	testl	%eax, %eax
	je	.L29
.L18:
	.loc 1 172 5 is_stmt 1 view .LVU114
	movq	%r13, %rdi
	call	perror@PLT
.LVL44:
.L24:
	.loc 1 173 5 view .LVU115
	movl	$127, %edi
	call	_exit@PLT
.LVL45:
.L26:
	.loc 1 173 5 is_stmt 0 view .LVU116
.LBE84:
.LBE83:
	.loc 1 202 1 view .LVU117
	call	__stack_chk_fail@PLT
.LVL46:
.L27:
.LBB87:
.LBB86:
.LBB85:
	.loc 1 160 9 is_stmt 1 view .LVU118
	.loc 1 161 15 is_stmt 0 view .LVU119
	movq	%rsp, %rsi
	movl	$1, %edi
	.loc 1 160 23 view .LVU120
	movq	%rax, (%rsp)
	movq	$-1, 8(%rsp)
	.loc 1 161 9 is_stmt 1 view .LVU121
	.loc 1 161 15 is_stmt 0 view .LVU122
	call	setrlimit64@PLT
.LVL47:
	jmp	.L14
.L28:
	.loc 1 161 15 view .LVU123
.LBE85:
	.loc 1 164 10 view .LVU124
	movl	$65534, %edi
	call	setgid@PLT
.LVL48:
	.loc 1 163 49 view .LVU125
	testl	%eax, %eax
	jne	.L24
	.loc 1 164 32 view .LVU126
	movl	$65534, %edi
	call	setuid@PLT
.LVL49:
	.loc 1 164 29 view .LVU127
	testl	%eax, %eax
	jne	.L24
	.loc 1 164 54 view .LVU128
	movl	$1, %esi
	movq	%r13, %rdi
	call	access@PLT
.LVL50:
	.loc 1 164 51 view .LVU129
	testl	%eax, %eax
	jne	.L24
	jmp	.L15
.L29:
	.loc 1 170 9 is_stmt 1 view .LVU130
	movq	8(%rbp), %rsi
	movq	%r13, %rdi
	call	execv@PLT
.LVL51:
	jmp	.L18
.LBE86:
.LBE87:
	.cfi_endproc
.LFE40:
	.size	process_start_with, .-process_start_with
	.p2align 4
	.type	process_tear_down, @function
process_tear_down:
.LVL52:
.LFB59:
	.loc 1 387 51 view -0
	.cfi_startproc
	.loc 1 388 5 view .LVU132
	.loc 1 389 5 view .LVU133
.LBB94:
	.loc 1 389 10 view .LVU134
	.loc 1 389 26 view .LVU135
	cmpq	$0, process_count(%rip)
.LBE94:
	.loc 1 387 51 is_stmt 0 view .LVU136
	pushq	%r12
	.cfi_def_cfa_offset 16
	.cfi_offset 12, -16
	pushq	%rbp
	.cfi_def_cfa_offset 24
	.cfi_offset 6, -24
	pushq	%rbx
	.cfi_def_cfa_offset 32
	.cfi_offset 3, -32
.LBB103:
	.loc 1 389 26 view .LVU137
	je	.L31
	.loc 1 389 17 view .LVU138
	xorl	%ebp, %ebp
	leaq	process_all(%rip), %r12
.LVL53:
	.p2align 4,,10
	.p2align 3
.L36:
	.loc 1 390 9 is_stmt 1 discriminator 3 view .LVU139
	movq	(%r12,%rbp,8), %rbx
.LVL54:
.LBB95:
.LBI95:
	.loc 1 371 20 discriminator 3 view .LVU140
.LBB96:
	.loc 1 372 5 discriminator 3 view .LVU141
	.loc 1 372 16 is_stmt 0 discriminator 3 view .LVU142
	movl	(%rbx), %edi
	.loc 1 372 8 discriminator 3 view .LVU143
	testl	%edi, %edi
	jle	.L32
	.loc 1 373 9 is_stmt 1 view .LVU144
	.loc 1 373 15 is_stmt 0 view .LVU145
	movl	$9, %esi
	call	kill@PLT
.LVL55:
	.loc 1 374 9 is_stmt 1 view .LVU146
	.loc 1 374 15 is_stmt 0 view .LVU147
	movl	(%rbx), %edi
	xorl	%edx, %edx
	xorl	%esi, %esi
	call	waitpid@PLT
.LVL56:
.L32:
	.loc 1 376 5 is_stmt 1 view .LVU148
.LBB97:
.LBI97:
	.loc 1 252 20 view .LVU149
.LBB98:
	.loc 1 253 5 view .LVU150
	.loc 1 253 16 is_stmt 0 view .LVU151
	movl	4(%rbx), %edi
	.loc 1 253 8 view .LVU152
	testl	%edi, %edi
	js	.L33
	.loc 1 254 9 is_stmt 1 view .LVU153
	call	close@PLT
.LVL57:
	.loc 1 255 9 view .LVU154
	.loc 1 255 21 is_stmt 0 view .LVU155
	movl	$-1, 4(%rbx)
.L33:
.LVL58:
	.loc 1 255 21 view .LVU156
.LBE98:
.LBE97:
	.loc 1 377 5 is_stmt 1 view .LVU157
	.loc 1 378 5 view .LVU158
.LBB99:
	.loc 1 378 10 view .LVU159
	.loc 1 378 26 view .LVU160
	.loc 1 379 9 view .LVU161
	.loc 1 379 20 is_stmt 0 view .LVU162
	movl	8(%rbx), %edi
	.loc 1 379 12 view .LVU163
	testl	%edi, %edi
	js	.L34
	.loc 1 380 13 is_stmt 1 view .LVU164
	call	close@PLT
.LVL59:
.L34:
	.loc 1 382 9 view .LVU165
	movq	16(%rbx), %rdi
	call	free@PLT
.LVL60:
	.loc 1 378 32 view .LVU166
	.loc 1 378 26 view .LVU167
	.loc 1 379 9 view .LVU168
	.loc 1 379 20 is_stmt 0 view .LVU169
	movl	56(%rbx), %edi
	.loc 1 379 12 view .LVU170
	testl	%edi, %edi
	js	.L35
	.loc 1 380 13 is_stmt 1 view .LVU171
	call	close@PLT
.LVL61:
.L35:
	.loc 1 382 9 view .LVU172
	movq	64(%rbx), %rdi
.LBE99:
.LBE96:
.LBE95:
	.loc 1 389 44 is_stmt 0 view .LVU173
	addq	$1, %rbp
.LVL62:
.LBB102:
.LBB101:
.LBB100:
	.loc 1 382 9 view .LVU174
	call	free@PLT
.LVL63:
	.loc 1 378 32 is_stmt 1 view .LVU175
	.loc 1 378 26 view .LVU176
.LBE100:
	.loc 1 384 5 view .LVU177
	movq	%rbx, %rdi
	call	free@PLT
.LVL64:
	.loc 1 384 5 is_stmt 0 view .LVU178
.LBE101:
.LBE102:
	.loc 1 389 44 is_stmt 1 view .LVU179
	.loc 1 389 26 view .LVU180
	cmpq	process_count(%rip), %rbp
	jb	.L36
.LVL65:
.L31:
	.loc 1 389 26 is_stmt 0 view .LVU181
.LBE103:
	.loc 1 392 5 is_stmt 1 view .LVU182
	.loc 1 393 5 is_stmt 0 view .LVU183
	movq	process_folder(%rip), %rdi
	.loc 1 392 19 view .LVU184
	movq	$0, process_count(%rip)
	.loc 1 393 5 is_stmt 1 view .LVU185
	call	support_remove_folder@PLT
.LVL66:
	.loc 1 394 5 view .LVU186
	.loc 1 395 1 is_stmt 0 view .LVU187
	popq	%rbx
	.cfi_def_cfa_offset 24
	xorl	%eax, %eax
	popq	%rbp
	.cfi_def_cfa_offset 16
	popq	%r12
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE59:
	.size	process_tear_down, .-process_tear_down
	.section	.rodata.str1.1
.LC26:
	.string	"XDG_STATE_HOME"
	.text
	.p2align 4
	.type	process_set_up, @function
process_set_up:
.LVL67:
.LFB57:
	.loc 1 362 48 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 363 5 view .LVU189
	.loc 1 362 48 is_stmt 0 view .LVU190
	subq	$8, %rsp
	.cfi_def_cfa_offset 16
	.loc 1 363 12 view .LVU191
	movq	$0, (%rdi)
	.loc 1 364 5 is_stmt 1 view .LVU192
	.loc 1 364 11 is_stmt 0 view .LVU193
	movl	$1, %esi
	movl	$13, %edi
.LVL68:
	.loc 1 364 11 view .LVU194
	call	signal@PLT
.LVL69:
	.loc 1 365 5 is_stmt 1 view .LVU195
	.loc 1 365 22 is_stmt 0 view .LVU196
	call	support_make_folder@PLT
.LVL70:
	.loc 1 366 5 view .LVU197
	movl	$1, %edx
	leaq	.LC26(%rip), %rdi
	.loc 1 365 22 view .LVU198
	movq	%rax, %rsi
	.loc 1 365 20 view .LVU199
	movq	%rax, process_folder(%rip)
	.loc 1 366 5 is_stmt 1 view .LVU200
	call	setenv@PLT
.LVL71:
	.loc 1 367 5 view .LVU201
	.loc 1 369 1 is_stmt 0 view .LVU202
	xorl	%eax, %eax
	.loc 1 367 19 view .LVU203
	movq	$0, process_count(%rip)
	.loc 1 368 5 is_stmt 1 view .LVU204
	.loc 1 369 1 is_stmt 0 view .LVU205
	addq	$8, %rsp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE57:
	.size	process_set_up, .-process_set_up
	.section	.rodata.str1.1
.LC27:
	.string	"stream->text"
	.text
	.p2align 4
	.type	process_pump.constprop.0.isra.0, @function
process_pump.constprop.0.isra.0:
.LVL72:
.LFB79:
	.loc 1 109 20 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 109 20 is_stmt 0 view .LVU207
	pushq	%r13
	.cfi_def_cfa_offset 16
	.cfi_offset 13, -16
	pushq	%r12
	.cfi_def_cfa_offset 24
	.cfi_offset 12, -24
	pushq	%rbp
	.cfi_def_cfa_offset 32
	.cfi_offset 6, -32
	pushq	%rbx
	.cfi_def_cfa_offset 40
	.cfi_offset 3, -40
	subq	$4120, %rsp
	.cfi_def_cfa_offset 4160
.LBB122:
	.loc 1 113 26 view .LVU208
	movq	%fs:40, %rax
	movq	%rax, 4104(%rsp)
	movq	process_count(%rip), %rax
	testq	%rax, %rax
	je	.L42
	leaq	process_all(%rip), %rdx
.LBE122:
	.loc 1 112 12 view .LVU209
	xorl	%ebx, %ebx
	leaq	(%rdx,%rax,8), %rsi
	.p2align 4,,10
	.p2align 3
.L45:
.LVL73:
.LBB133:
.LBB123:
	.loc 1 114 9 is_stmt 1 view .LVU210
	.loc 1 114 46 is_stmt 0 view .LVU211
	movq	(%rdx), %rax
	.loc 1 115 9 is_stmt 1 view .LVU212
.LBB124:
	.loc 1 115 14 view .LVU213
.LVL74:
	.loc 1 115 30 view .LVU214
	.loc 1 116 13 view .LVU215
	.loc 1 116 24 is_stmt 0 view .LVU216
	movl	8(%rax), %ecx
	.loc 1 116 16 view .LVU217
	testl	%ecx, %ecx
	js	.L43
	.loc 1 116 34 view .LVU218
	cmpb	$0, 12(%rax)
	jne	.L43
.LBB125:
	.loc 1 117 17 is_stmt 1 view .LVU219
	.loc 1 118 33 is_stmt 0 view .LVU220
	movq	$0, 2048(%rsp,%rbx,8)
.LBE125:
.LBE124:
	.loc 1 114 34 view .LVU221
	leaq	8(%rax), %r8
	movq	%r8, (%rsp,%rbx,8)
.LBB130:
.LBB126:
	.loc 1 118 17 is_stmt 1 view .LVU222
.LVL75:
	.loc 1 118 33 is_stmt 0 view .LVU223
	movl	$1, %r8d
	movl	%ecx, 2048(%rsp,%rbx,8)
	movw	%r8w, 2052(%rsp,%rbx,8)
	.loc 1 118 29 view .LVU224
	addq	$1, %rbx
.LVL76:
.L43:
	.loc 1 118 29 view .LVU225
.LBE126:
	.loc 1 115 36 is_stmt 1 view .LVU226
	.loc 1 115 30 view .LVU227
	.loc 1 116 13 view .LVU228
	.loc 1 116 24 is_stmt 0 view .LVU229
	movl	56(%rax), %ecx
	.loc 1 116 16 view .LVU230
	testl	%ecx, %ecx
	js	.L44
	.loc 1 116 34 view .LVU231
	cmpb	$0, 60(%rax)
	jne	.L44
.LBB127:
	.loc 1 117 17 is_stmt 1 view .LVU232
	.loc 1 118 33 is_stmt 0 view .LVU233
	movq	$0, 2048(%rsp,%rbx,8)
.LBE127:
.LBE130:
	.loc 1 114 56 view .LVU234
	addq	$56, %rax
.LBB131:
.LBB128:
	.loc 1 118 33 view .LVU235
	movl	%ecx, 2048(%rsp,%rbx,8)
	movl	$1, %ecx
.LBE128:
.LBE131:
	.loc 1 114 56 view .LVU236
	movq	%rax, (%rsp,%rbx,8)
.LBB132:
.LBB129:
	.loc 1 118 17 is_stmt 1 view .LVU237
.LVL77:
	.loc 1 118 33 is_stmt 0 view .LVU238
	movw	%cx, 2052(%rsp,%rbx,8)
	.loc 1 118 29 view .LVU239
	addq	$1, %rbx
.LVL78:
.L44:
	.loc 1 118 29 view .LVU240
.LBE129:
	.loc 1 115 36 is_stmt 1 view .LVU241
	.loc 1 115 30 view .LVU242
.LBE132:
.LBE123:
	.loc 1 113 44 view .LVU243
	.loc 1 113 26 view .LVU244
	addq	$8, %rdx
	cmpq	%rsi, %rdx
	jne	.L45
	.loc 1 113 26 is_stmt 0 view .LVU245
.LBE133:
	.loc 1 122 5 is_stmt 1 view .LVU246
	.loc 1 122 19 is_stmt 0 view .LVU247
	movl	$4, %eax
	.loc 1 123 9 view .LVU248
	leaq	2048(%rsp), %r13
	leaq	1(%rbx), %rsi
	.loc 1 122 19 view .LVU249
	movq	$0, 2048(%rsp,%rbx,8)
	.loc 1 123 9 view .LVU250
	movl	$1000, %edx
	.loc 1 122 19 view .LVU251
	movl	%edi, 2048(%rsp,%rbx,8)
	.loc 1 123 9 view .LVU252
	movq	%r13, %rdi
.LVL79:
	.loc 1 122 19 view .LVU253
	movw	%ax, 2052(%rsp,%rbx,8)
	.loc 1 123 5 is_stmt 1 view .LVU254
	.loc 1 123 9 is_stmt 0 view .LVU255
	call	poll@PLT
.LVL80:
	.loc 1 123 8 view .LVU256
	testl	%eax, %eax
	jle	.L41
.LVL81:
.LBB134:
	.loc 1 126 26 is_stmt 1 view .LVU257
	testq	%rbx, %rbx
	je	.L41
	.loc 1 126 17 is_stmt 0 view .LVU258
	xorl	%r12d, %r12d
	jmp	.L57
.LVL82:
	.p2align 4,,10
	.p2align 3
.L50:
	.loc 1 126 36 is_stmt 1 view .LVU259
	addq	$1, %r12
.LVL83:
	.loc 1 126 26 view .LVU260
	cmpq	%rbx, %r12
	je	.L41
.LVL84:
.L57:
	.loc 1 127 9 view .LVU261
	.loc 1 127 12 is_stmt 0 view .LVU262
	cmpw	$0, 6(%r13,%r12,8)
	je	.L50
	.loc 1 128 13 is_stmt 1 view .LVU263
	movq	(%rsp,%r12,8), %rbp
.LVL85:
.LBB135:
.LBI135:
	.loc 1 85 20 view .LVU264
.LBB136:
	.loc 1 86 5 view .LVU265
	.loc 1 86 15 is_stmt 0 view .LVU266
	movq	24(%rbp), %rax
	.loc 1 86 34 view .LVU267
	movq	16(%rbp), %rsi
	.loc 1 86 26 view .LVU268
	movq	%rax, %rdx
	subq	%rsi, %rdx
	.loc 1 86 8 view .LVU269
	cmpq	$65536, %rdx
	jbe	.L66
.L51:
	.loc 1 91 5 is_stmt 1 view .LVU270
	.loc 1 91 19 is_stmt 0 view .LVU271
	movl	0(%rbp), %edi
	.loc 1 91 49 view .LVU272
	addq	8(%rbp), %rsi
	.loc 1 91 19 view .LVU273
	movl	$65536, %edx
	call	read@PLT
.LVL86:
	.loc 1 92 5 is_stmt 1 view .LVU274
	.loc 1 92 8 is_stmt 0 view .LVU275
	testq	%rax, %rax
	js	.L67
	.loc 1 95 5 is_stmt 1 view .LVU276
	.loc 1 95 8 is_stmt 0 view .LVU277
	je	.L54
.LBB137:
	.loc 1 101 32 view .LVU278
	movq	8(%rbp), %r8
	.loc 1 101 45 view .LVU279
	movq	16(%rbp), %r9
	.loc 1 100 18 view .LVU280
	xorl	%edx, %edx
	.loc 1 101 15 view .LVU281
	movq	40(%rbp), %rcx
	leaq	(%r8,%r9), %rdi
	.p2align 4,,10
	.p2align 3
.L56:
.LVL87:
	.loc 1 101 9 is_stmt 1 view .LVU282
	.loc 1 101 65 is_stmt 0 view .LVU283
	xorl	%esi, %esi
	cmpb	$10, (%rdi,%rdx)
	sete	%sil
	.loc 1 100 35 view .LVU284
	addq	$1, %rdx
.LVL88:
	.loc 1 101 23 view .LVU285
	addq	%rsi, %rcx
	movq	%rcx, 40(%rbp)
	.loc 1 100 35 is_stmt 1 view .LVU286
.LVL89:
	.loc 1 100 27 view .LVU287
	cmpq	%rdx, %rax
	jg	.L56
.LBE137:
	.loc 1 103 5 view .LVU288
	.loc 1 103 18 is_stmt 0 view .LVU289
	addq	%r9, %rax
.LVL90:
	.loc 1 103 18 view .LVU290
.LBE136:
.LBE135:
	.loc 1 126 36 view .LVU291
	addq	$1, %r12
.LVL91:
.LBB140:
.LBB138:
	.loc 1 103 18 view .LVU292
	movq	%rax, 16(%rbp)
	.loc 1 104 5 is_stmt 1 view .LVU293
	.loc 1 104 32 is_stmt 0 view .LVU294
	movb	$0, (%r8,%rax)
.LVL92:
	.loc 1 104 32 view .LVU295
.LBE138:
.LBE140:
	.loc 1 126 36 is_stmt 1 view .LVU296
	.loc 1 126 26 view .LVU297
	cmpq	%rbx, %r12
	jne	.L57
.LVL93:
	.p2align 4,,10
	.p2align 3
.L41:
	.loc 1 126 26 is_stmt 0 view .LVU298
.LBE134:
	.loc 1 132 1 view .LVU299
	movq	4104(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L68
	addq	$4120, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 40
	popq	%rbx
	.cfi_def_cfa_offset 32
	popq	%rbp
	.cfi_def_cfa_offset 24
	popq	%r12
	.cfi_def_cfa_offset 16
	popq	%r13
	.cfi_def_cfa_offset 8
	ret
.LVL94:
	.p2align 4,,10
	.p2align 3
.L67:
	.cfi_restore_state
.LBB142:
.LBB141:
.LBB139:
	.loc 1 92 21 view .LVU300
	call	__errno_location@PLT
.LVL95:
	.loc 1 92 21 view .LVU301
	movl	(%rax), %eax
	.loc 1 92 17 view .LVU302
	cmpl	$4, %eax
	je	.L50
	cmpl	$11, %eax
	je	.L50
.L54:
	.loc 1 96 9 is_stmt 1 view .LVU303
	movl	0(%rbp), %edi
	call	close@PLT
.LVL96:
	.loc 1 97 9 view .LVU304
	.loc 1 97 20 is_stmt 0 view .LVU305
	movl	$-1, 0(%rbp)
	.loc 1 98 9 is_stmt 1 view .LVU306
	jmp	.L50
.LVL97:
	.p2align 4,,10
	.p2align 3
.L66:
	.loc 1 87 49 is_stmt 0 view .LVU307
	leaq	65537(%rax,%rax), %rsi
	.loc 1 91 42 view .LVU308
	movq	8(%rbp), %rdi
	.loc 1 87 9 is_stmt 1 view .LVU309
	.loc 1 87 26 is_stmt 0 view .LVU310
	movq	%rsi, 24(%rbp)
	.loc 1 88 9 is_stmt 1 view .LVU311
	.loc 1 88 24 is_stmt 0 view .LVU312
	call	realloc@PLT
.LVL98:
	.loc 1 89 9 view .LVU313
	leaq	.LC27(%rip), %rsi
	movl	$89, %ecx
	leaq	.LC13(%rip), %rdx
	.loc 1 88 22 view .LVU314
	movq	%rax, 8(%rbp)
	.loc 1 89 9 is_stmt 1 view .LVU315
	.loc 1 88 24 is_stmt 0 view .LVU316
	movq	%rax, %rdi
	.loc 1 89 9 view .LVU317
	call	_assert_true@PLT
.LVL99:
	.loc 1 91 57 view .LVU318
	movq	16(%rbp), %rsi
	jmp	.L51
.LVL100:
.L42:
	.loc 1 91 57 view .LVU319
.LBE139:
.LBE141:
.LBE142:
	.loc 1 122 5 is_stmt 1 view .LVU320
	.loc 1 122 19 is_stmt 0 view .LVU321
	movl	%edi, 2048(%rsp)
	.loc 1 123 9 view .LVU322
	movl	$1000, %edx
	leaq	2048(%rsp), %rdi
.LVL101:
	.loc 1 123 9 view .LVU323
	movl	$1, %esi
	.loc 1 122 19 view .LVU324
	movl	$4, 2052(%rsp)
	.loc 1 123 5 is_stmt 1 view .LVU325
	.loc 1 123 9 is_stmt 0 view .LVU326
	call	poll@PLT
.LVL102:
	.loc 1 123 9 view .LVU327
	jmp	.L41
.L68:
	.loc 1 132 1 view .LVU328
	call	__stack_chk_fail@PLT
.LVL103:
	.cfi_endproc
.LFE79:
	.size	process_pump.constprop.0.isra.0, .-process_pump.constprop.0.isra.0
	.section	.rodata.str1.1
.LC28:
	.string	""
.LC29:
	.string	"its end"
.LC30:
	.string	"awaited in vain: %s\n"
	.section	.rodata.str1.8
	.align 8
.LC31:
	.string	"%s (%d) printed:\n%s\nand on standard error:\n%s\n"
	.section	.rodata.str1.1
.LC32:
	.string	"exit code %d\n"
	.text
	.p2align 4
	.type	process_assert_code, @function
process_assert_code:
.LVL104:
.LFB52:
	.loc 1 328 79 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 328 79 is_stmt 0 view .LVU330
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	movl	%esi, %r14d
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	movq	%rdi, %rbx
.LBB157:
.LBB158:
.LBB159:
.LBB160:
	.loc 1 81 11 view .LVU331
	movl	$1, %edi
.LVL105:
	.loc 1 81 11 view .LVU332
.LBE160:
.LBE159:
.LBE158:
.LBE157:
	.loc 1 328 79 view .LVU333
	subq	$56, %rsp
	.cfi_def_cfa_offset 112
	.loc 1 328 79 view .LVU334
	movq	%fs:40, %rax
	movq	%rax, 40(%rsp)
	xorl	%eax, %eax
	.loc 1 329 5 is_stmt 1 view .LVU335
.LVL106:
.LBB183:
.LBI157:
	.loc 1 309 19 view .LVU336
.LBB181:
	.loc 1 310 5 view .LVU337
.LBB163:
.LBI159:
	.loc 1 79 24 view .LVU338
.LBB161:
	.loc 1 80 5 view .LVU339
	.loc 1 81 5 view .LVU340
	.loc 1 81 11 is_stmt 0 view .LVU341
	leaq	16(%rsp), %rbp
	movq	%rbp, %rsi
.LVL107:
	.loc 1 81 11 view .LVU342
	call	clock_gettime@PLT
.LVL108:
	.loc 1 82 5 is_stmt 1 view .LVU343
.LBE161:
.LBE163:
.LBB164:
.LBB165:
	.loc 1 253 16 is_stmt 0 view .LVU344
	movl	4(%rbx), %edi
.LBE165:
.LBE164:
	.loc 1 311 9 view .LVU345
	movl	$0, 12(%rsp)
.LBB167:
.LBB162:
	.loc 1 82 64 view .LVU346
	movabsq	$4835703278458516699, %rdx
	.loc 1 82 33 view .LVU347
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU348
	movq	%rdx, %rax
	mulq	24(%rsp)
	shrq	$18, %rdx
.LBE162:
.LBE167:
	.loc 1 310 14 view .LVU349
	leaq	120000(%rcx,%rdx), %r13
.LVL109:
	.loc 1 311 5 is_stmt 1 view .LVU350
	.loc 1 312 5 view .LVU351
.LBB168:
.LBI164:
	.loc 1 252 20 view .LVU352
.LBB166:
	.loc 1 253 5 view .LVU353
	.loc 1 253 8 is_stmt 0 view .LVU354
	testl	%edi, %edi
	js	.L70
	.loc 1 254 9 is_stmt 1 view .LVU355
	call	close@PLT
.LVL110:
	.loc 1 255 9 view .LVU356
	.loc 1 255 21 is_stmt 0 view .LVU357
	movl	$-1, 4(%rbx)
.L70:
.LVL111:
	.loc 1 255 21 view .LVU358
.LBE166:
.LBE168:
	.loc 1 313 5 is_stmt 1 view .LVU359
	.loc 1 313 43 is_stmt 0 view .LVU360
	movb	$0, 60(%rbx)
.LBB169:
.LBB170:
.LBB171:
.LBB172:
	.loc 1 135 11 view .LVU361
	leaq	.LC28(%rip), %r15
.LBE172:
.LBE171:
.LBE170:
.LBE169:
.LBB176:
.LBB177:
	.loc 1 82 64 view .LVU362
	movabsq	$4835703278458516699, %r12
.LBE177:
.LBE176:
	.loc 1 313 23 view .LVU363
	movb	$0, 12(%rbx)
	.loc 1 314 5 is_stmt 1 view .LVU364
	.p2align 4,,10
	.p2align 3
.L72:
	.loc 1 314 33 view .LVU365
	movl	8(%rbx), %edx
	testl	%edx, %edx
	jns	.L75
	movl	56(%rbx), %eax
	testl	%eax, %eax
	js	.L91
.L75:
	.loc 1 315 9 view .LVU366
	.loc 1 315 15 is_stmt 0 view .LVU367
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL112:
	.loc 1 316 9 is_stmt 1 view .LVU368
.LBB179:
.LBI176:
	.loc 1 79 24 view .LVU369
.LBB178:
	.loc 1 80 5 view .LVU370
	.loc 1 81 5 view .LVU371
	.loc 1 81 11 is_stmt 0 view .LVU372
	movq	%rbp, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL113:
	.loc 1 82 5 is_stmt 1 view .LVU373
	.loc 1 82 64 is_stmt 0 view .LVU374
	movq	%r12, %rax
	mulq	24(%rsp)
	.loc 1 82 33 view .LVU375
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU376
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU377
	addq	%rdx, %rcx
.LBE178:
.LBE179:
	.loc 1 316 12 view .LVU378
	cmpq	%rcx, %r13
	jnb	.L72
	.loc 1 317 13 is_stmt 1 view .LVU379
.LVL114:
.LBB180:
.LBI169:
	.loc 1 259 20 view .LVU380
.LBB175:
	.loc 1 260 5 view .LVU381
	.loc 1 260 11 is_stmt 0 view .LVU382
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC29(%rip), %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL115:
	.loc 1 261 5 is_stmt 1 view .LVU383
.LBB174:
.LBI171:
	.loc 1 134 20 view .LVU384
.LBB173:
	.loc 1 135 5 view .LVU385
	.loc 1 135 11 is_stmt 0 view .LVU386
	cmpq	$0, 72(%rbx)
	movq	%r15, %r9
	je	.L73
	movq	64(%rbx), %r9
.L73:
	.loc 1 135 11 view .LVU387
	cmpq	$0, 24(%rbx)
	movq	%r15, %r8
	je	.L74
	movq	16(%rbx), %r8
.L74:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL116:
	.loc 1 135 11 view .LVU388
.LBE173:
.LBE174:
	.loc 1 262 5 is_stmt 1 view .LVU389
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL117:
	.loc 1 263 1 is_stmt 0 view .LVU390
	jmp	.L72
	.p2align 4,,10
	.p2align 3
.L91:
	.loc 1 263 1 view .LVU391
.LBE175:
.LBE180:
	.loc 1 320 5 is_stmt 1 view .LVU392
	.loc 1 320 16 is_stmt 0 view .LVU393
	movl	(%rbx), %ebp
	.loc 1 320 8 view .LVU394
	testl	%ebp, %ebp
	jg	.L76
	.loc 1 325 19 view .LVU395
	movl	112(%rbx), %ebp
.L77:
	.loc 1 325 5 is_stmt 1 view .LVU396
.LVL118:
	.loc 1 325 5 is_stmt 0 view .LVU397
.LBE181:
.LBE183:
	.loc 1 330 5 is_stmt 1 view .LVU398
	.loc 1 330 8 is_stmt 0 view .LVU399
	cmpl	%ebp, %r14d
	jne	.L92
.LVL119:
.L80:
	.loc 1 334 5 is_stmt 1 view .LVU400
	movq	40(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L93
	.loc 1 335 1 is_stmt 0 view .LVU401
	addq	$56, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	.loc 1 334 5 view .LVU402
	movslq	%r14d, %rsi
	movslq	%ebp, %rdi
	movl	$334, %ecx
	.loc 1 335 1 view .LVU403
	popq	%rbx
	.cfi_def_cfa_offset 48
.LVL120:
	.loc 1 334 5 view .LVU404
	leaq	.LC13(%rip), %rdx
	.loc 1 335 1 view .LVU405
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
.LVL121:
	.loc 1 335 1 view .LVU406
	popq	%r15
	.cfi_def_cfa_offset 8
	.loc 1 334 5 view .LVU407
	jmp	_assert_int_equal@PLT
.LVL122:
	.p2align 4,,10
	.p2align 3
.L92:
	.cfi_restore_state
	.loc 1 331 9 is_stmt 1 view .LVU408
	.loc 1 331 15 is_stmt 0 view .LVU409
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movl	%ebp, %edx
	leaq	.LC32(%rip), %rsi
	call	fprintf@PLT
.LVL123:
	.loc 1 332 9 is_stmt 1 view .LVU410
.LBB184:
.LBI184:
	.loc 1 134 20 view .LVU411
.LBB185:
	.loc 1 135 5 view .LVU412
	.loc 1 135 11 is_stmt 0 view .LVU413
	cmpq	$0, 72(%rbx)
	leaq	.LC28(%rip), %r9
	je	.L81
	movq	64(%rbx), %r9
.L81:
	.loc 1 135 11 view .LVU414
	cmpq	$0, 24(%rbx)
	leaq	.LC28(%rip), %r8
	je	.L82
	movq	16(%rbx), %r8
.L82:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL124:
	.loc 1 138 1 view .LVU415
	jmp	.L80
.LVL125:
	.p2align 4,,10
	.p2align 3
.L76:
	.loc 1 138 1 view .LVU416
.LBE185:
.LBE184:
.LBB186:
.LBB182:
	.loc 1 321 9 is_stmt 1 view .LVU417
	xorl	%edx, %edx
	movl	%ebp, %edi
	leaq	12(%rsp), %rsi
	call	waitpid@PLT
.LVL126:
	movslq	%ebp, %rsi
	movl	$321, %ecx
	leaq	.LC13(%rip), %rdx
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL127:
	.loc 1 322 9 view .LVU418
	.loc 1 323 25 is_stmt 0 view .LVU419
	movl	12(%rsp), %eax
	.loc 1 322 21 view .LVU420
	movl	$0, (%rbx)
	.loc 1 323 9 is_stmt 1 view .LVU421
	.loc 1 323 25 is_stmt 0 view .LVU422
	movl	%eax, %edx
	.loc 1 323 65 view .LVU423
	movzbl	%ah, %eax
	.loc 1 323 25 view .LVU424
	andl	$127, %edx
	.loc 1 323 65 view .LVU425
	leal	1000(%rdx), %ebp
	cmove	%eax, %ebp
	.loc 1 323 23 view .LVU426
	movl	%ebp, 112(%rbx)
	jmp	.L77
.LVL128:
.L93:
	.loc 1 323 23 view .LVU427
.LBE182:
.LBE186:
	.loc 1 334 5 view .LVU428
	call	__stack_chk_fail@PLT
.LVL129:
	.cfi_endproc
.LFE52:
	.size	process_assert_code, .-process_assert_code
	.section	.rodata.str1.1
.LC33:
	.string	"wrong"
.LC34:
	.string	"# a remark\ndrop everything\n"
.LC35:
	.string	"broker"
.LC36:
	.string	"network"
.LC37:
	.string	"test/process/levers_test.c"
	.text
	.p2align 4
	.type	wrong_rules_are_told_before_anything_happens, @function
wrong_rules_are_told_before_anything_happens:
.LVL130:
.LFB74:
	.file 2 "test/process/levers_test.c"
	.loc 2 102 72 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 102 72 is_stmt 0 view .LVU430
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB206:
.LBB207:
	.loc 1 430 18 view .LVU431
	leaq	.LC33(%rip), %rsi
.LBE207:
.LBE206:
	.loc 2 102 72 view .LVU432
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	leaq	rows.0(%rip), %r13
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	subq	$136, %rsp
	.cfi_def_cfa_offset 192
.LBB212:
.LBB209:
	.loc 1 430 18 view .LVU433
	movq	process_folder(%rip), %rdi
.LVL131:
	.loc 1 430 18 view .LVU434
.LBE209:
.LBE212:
	.loc 2 102 72 view .LVU435
	movq	%fs:40, %rax
	movq	%rax, 120(%rsp)
	xorl	%eax, %eax
	.loc 2 103 5 is_stmt 1 view .LVU436
	.loc 2 104 5 view .LVU437
	.loc 2 113 5 view .LVU438
.LVL132:
.LBB213:
.LBI206:
	.loc 1 429 20 view .LVU439
.LBB210:
	.loc 1 430 5 view .LVU440
	leaq	32(%rsp), %r14
	.loc 1 430 18 is_stmt 0 view .LVU441
	call	support_path@PLT
.LVL133:
	leaq	.LC34(%rip), %rsi
	.loc 1 431 5 view .LVU442
	movl	$27, %edx
	.loc 1 430 18 view .LVU443
	movq	%rax, %rbx
.LVL134:
	.loc 1 431 5 is_stmt 1 view .LVU444
.LBB208:
.LBI208:
	.file 3 "src/base/bytes.h"
	.loc 3 24 28 view .LVU445
	.loc 3 25 5 view .LVU446
	.loc 3 25 5 is_stmt 0 view .LVU447
.LBE208:
	.loc 1 431 5 view .LVU448
	movq	%rax, %rdi
	call	support_write_file@PLT
.LVL135:
	.loc 1 432 5 is_stmt 1 view .LVU449
	movq	%rbx, %rdi
.LBE210:
.LBE213:
.LBB214:
.LBB215:
.LBB216:
.LBB217:
.LBB218:
.LBB219:
	.loc 1 269 76 is_stmt 0 view .LVU450
	leaq	.LC28(%rip), %rbx
.LVL136:
	.loc 1 269 76 view .LVU451
.LBE219:
.LBE218:
.LBE217:
.LBE216:
.LBE215:
.LBE214:
.LBB251:
.LBB211:
	.loc 1 432 5 view .LVU452
	call	free@PLT
.LVL137:
	.loc 1 432 5 view .LVU453
.LBE211:
.LBE251:
.LBB252:
	.loc 2 114 26 is_stmt 1 view .LVU454
	leaq	80(%rsp), %rax
	movq	%rax, 24(%rsp)
	leaq	48(%rsp), %rax
	movq	%rax, 16(%rsp)
.LVL138:
.L97:
.LBB249:
	.loc 2 115 9 discriminator 3 view .LVU455
	.loc 2 115 34 is_stmt 0 discriminator 3 view .LVU456
	movq	process_folder(%rip), %rax
	movq	16(%rsp), %rdi
	pxor	%xmm0, %xmm0
	movq	$0, 104(%rsp)
	movaps	%xmm0, 64(%rsp)
	movq	%rax, 48(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, 80(%rsp)
	movq	0(%r13), %rax
	movq	%rax, 88(%rsp)
	movq	8(%r13), %rax
	movq	%rax, 96(%rsp)
	movq	24(%rsp), %rax
	movq	%rax, 56(%rsp)
	call	process_start_with
.LVL139:
	.loc 2 116 9 discriminator 3 view .LVU457
	movl	$2, %esi
	movq	%rax, %rdi
	.loc 2 115 34 discriminator 3 view .LVU458
	movq	%rax, %r12
.LVL140:
	.loc 2 116 9 is_stmt 1 discriminator 3 view .LVU459
	call	process_assert_code
.LVL141:
	.loc 2 117 9 discriminator 3 view .LVU460
.LBB246:
.LBB243:
.LBB240:
.LBB230:
.LBB231:
	.loc 1 81 11 is_stmt 0 discriminator 3 view .LVU461
	movq	%r14, %rsi
	movl	$1, %edi
.LBE231:
.LBE230:
.LBE240:
.LBE243:
.LBE246:
	.loc 2 117 42 discriminator 3 view .LVU462
	movq	16(%r13), %rbp
.LVL142:
.LBB247:
.LBI216:
	.loc 1 286 20 is_stmt 1 discriminator 3 view .LVU463
	.loc 1 287 5 discriminator 3 view .LVU464
.LBB244:
.LBI217:
	.loc 1 266 20 discriminator 3 view .LVU465
.LBB241:
	.loc 1 267 5 discriminator 3 view .LVU466
.LBB234:
.LBI230:
	.loc 1 79 24 discriminator 3 view .LVU467
.LBB232:
	.loc 1 80 5 discriminator 3 view .LVU468
	.loc 1 81 5 discriminator 3 view .LVU469
	.loc 1 81 11 is_stmt 0 discriminator 3 view .LVU470
	call	clock_gettime@PLT
.LVL143:
	.loc 1 82 5 is_stmt 1 discriminator 3 view .LVU471
.LBE232:
.LBE234:
.LBB235:
.LBB220:
.LBB221:
.LBB222:
.LBB223:
	.loc 1 135 11 is_stmt 0 discriminator 3 view .LVU472
	movq	%r13, 8(%rsp)
.LBE223:
.LBE222:
.LBE221:
.LBE220:
.LBE235:
.LBB236:
.LBB233:
	.loc 1 82 64 discriminator 3 view .LVU473
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 discriminator 3 view .LVU474
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 discriminator 3 view .LVU475
	shrq	$18, %rdx
.LBE233:
.LBE236:
	.loc 1 267 14 discriminator 3 view .LVU476
	leaq	120000(%rcx,%rdx), %r15
.LVL144:
	.loc 1 267 14 discriminator 3 view .LVU477
	jmp	.L105
.LVL145:
	.p2align 4,,10
	.p2align 3
.L96:
.LBB237:
	.loc 1 275 9 is_stmt 1 view .LVU478
	.loc 1 275 12 is_stmt 0 view .LVU479
	movl	56(%r12), %eax
.LVL146:
	.loc 1 275 12 view .LVU480
	testl	%eax, %eax
	js	.L102
.LBB227:
.LBI227:
	.loc 1 79 24 is_stmt 1 view .LVU481
.LBB228:
	.loc 1 80 5 view .LVU482
	.loc 1 81 5 view .LVU483
	.loc 1 81 11 is_stmt 0 view .LVU484
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL147:
	.loc 1 82 5 is_stmt 1 view .LVU485
	.loc 1 82 64 is_stmt 0 view .LVU486
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU487
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU488
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU489
	addq	%rdx, %rcx
.LBE228:
.LBE227:
	.loc 1 275 28 view .LVU490
	cmpq	%rcx, %r15
	jnb	.L103
.L102:
	.loc 1 276 13 is_stmt 1 view .LVU491
.LVL148:
.LBB229:
.LBI220:
	.loc 1 259 20 view .LVU492
.LBB226:
	.loc 1 260 5 view .LVU493
	.loc 1 260 11 is_stmt 0 view .LVU494
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL149:
	.loc 1 261 5 is_stmt 1 view .LVU495
.LBB225:
.LBI222:
	.loc 1 134 20 view .LVU496
.LBB224:
	.loc 1 135 5 view .LVU497
	.loc 1 135 11 is_stmt 0 view .LVU498
	cmpq	$0, 72(%r12)
	movq	%rbx, %r9
	je	.L101
	movq	64(%r12), %r9
.L101:
	.loc 1 135 11 view .LVU499
	cmpq	$0, 24(%r12)
	movq	%rbx, %r8
	je	.L104
	movq	16(%r12), %r8
.L104:
	movq	stderr(%rip), %rdi
	movl	(%r12), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r12), %rdx
	call	fprintf@PLT
.LVL150:
	.loc 1 135 11 view .LVU500
.LBE224:
.LBE225:
	.loc 1 262 5 is_stmt 1 view .LVU501
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL151:
.L103:
	.loc 1 262 5 is_stmt 0 view .LVU502
.LBE226:
.LBE229:
	.loc 1 278 9 is_stmt 1 view .LVU503
	.loc 1 278 15 is_stmt 0 view .LVU504
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL152:
.LBE237:
	.loc 1 268 5 is_stmt 1 view .LVU505
.L105:
	.loc 1 268 5 view .LVU506
.LBB238:
	.loc 1 269 9 view .LVU507
	.loc 1 269 76 is_stmt 0 view .LVU508
	cmpq	$0, 72(%r12)
	movq	%rbx, %r13
	je	.L95
	movq	88(%r12), %rdx
	addq	64(%r12), %rdx
	movq	%rdx, %r13
.L95:
.LVL153:
	.loc 1 270 9 is_stmt 1 view .LVU509
	.loc 1 270 29 is_stmt 0 view .LVU510
	movq	%rbp, %rsi
	movq	%r13, %rdi
	call	strstr@PLT
.LVL154:
	.loc 1 271 9 is_stmt 1 view .LVU511
	.loc 1 271 12 is_stmt 0 view .LVU512
	testq	%rax, %rax
	je	.L96
	.loc 1 272 55 view .LVU513
	movq	%rbp, %rdi
	movq	%r13, %r15
.LVL155:
	.loc 1 272 55 view .LVU514
	movq	8(%rsp), %r13
.LVL156:
	.loc 1 272 55 view .LVU515
	movq	%rax, 8(%rsp)
	.loc 1 272 13 is_stmt 1 view .LVU516
	.loc 1 272 55 is_stmt 0 view .LVU517
	call	strlen@PLT
.LVL157:
	.loc 1 272 44 view .LVU518
	movq	8(%rsp), %rdx
.LBE238:
.LBE241:
.LBE244:
.LBE247:
.LBE249:
	.loc 2 114 26 view .LVU519
	addq	$24, %r13
.LBB250:
.LBB248:
.LBB245:
.LBB242:
.LBB239:
	.loc 1 272 44 view .LVU520
	subq	%r15, %rdx
	.loc 1 272 26 view .LVU521
	addq	%rdx, %rax
	addq	%rax, 88(%r12)
	.loc 1 273 13 is_stmt 1 view .LVU522
.LVL158:
	.loc 1 273 13 is_stmt 0 view .LVU523
.LBE239:
.LBE242:
.LBE245:
.LBE248:
.LBE250:
	.loc 2 114 57 is_stmt 1 view .LVU524
	.loc 2 114 26 view .LVU525
	leaq	72+rows.0(%rip), %rax
	cmpq	%rax, %r13
	jne	.L97
.LBE252:
	.loc 2 119 5 view .LVU526
	xorl	%esi, %esi
	leaq	.LC36(%rip), %rdi
	call	access@PLT
.LVL159:
	movq	120(%rsp), %rdx
	subq	%fs:40, %rdx
	jne	.L113
	.loc 2 120 1 is_stmt 0 view .LVU527
	addq	$136, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	.loc 2 119 5 view .LVU528
	movslq	%eax, %rdi
	movl	$119, %ecx
	xorl	%esi, %esi
	.loc 2 120 1 view .LVU529
	popq	%rbx
	.cfi_def_cfa_offset 48
	.loc 2 119 5 view .LVU530
	leaq	.LC37(%rip), %rdx
	.loc 2 120 1 view .LVU531
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
.LVL160:
	.loc 2 120 1 view .LVU532
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL161:
	.loc 2 119 5 view .LVU533
	jmp	_assert_int_not_equal@PLT
.LVL162:
.L113:
	.cfi_restore_state
	.loc 2 119 5 view .LVU534
	call	__stack_chk_fail@PLT
.LVL163:
	.cfi_endproc
.LFE74:
	.size	wrong_rules_are_told_before_anything_happens, .-wrong_rules_are_told_before_anything_happens
	.section	.rodata.str1.1
.LC38:
	.string	"--address"
.LC39:
	.string	"client"
.LC40:
	.string	"580"
.LC41:
	.string	"--run"
.LC42:
	.string	"83"
.LC43:
	.string	"--fault-file"
.LC44:
	.string	"rules"
.LC45:
	.string	"--json"
	.section	.rodata.str1.8
	.align 8
.LC46:
	.string	"# what the cellar does\n\ndelay 10 ms to 580\n"
	.section	.rodata.str1.1
.LC47:
	.string	"\"started\""
.LC48:
	.string	"conn"
	.section	.rodata.str1.8
	.align 8
.LC49:
	.string	"\"what\":\"delayed\",\"type\":\"cres\",\"to\":580,\"rule\":1"
	.text
	.p2align 4
	.type	rules_stand_in_a_file_too, @function
rules_stand_in_a_file_too:
.LVL164:
.LFB73:
	.loc 2 91 53 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 91 53 is_stmt 0 view .LVU536
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	leaq	.LC44(%rip), %rsi
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
.LBB283:
.LBB284:
.LBB285:
.LBB286:
.LBB287:
.LBB288:
.LBB289:
.LBB290:
	.loc 1 135 11 view .LVU537
	leaq	.LC28(%rip), %r12
.LBE290:
.LBE289:
.LBE288:
.LBE287:
.LBE286:
.LBE285:
.LBE284:
.LBE283:
	.loc 2 91 53 view .LVU538
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	subq	$248, %rsp
	.cfi_def_cfa_offset 304
.LBB317:
.LBB318:
	.loc 1 430 18 view .LVU539
	movq	process_folder(%rip), %rdi
.LVL165:
	.loc 1 430 18 view .LVU540
	movq	%fs:40, %rax
	movq	%rax, 232(%rsp)
	leaq	.LC38(%rip), %rax
.LBE318:
.LBE317:
.LBB322:
.LBB312:
.LBB307:
.LBB297:
.LBB298:
	.loc 1 81 11 view .LVU541
	leaq	96(%rsp), %r13
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm3
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC45(%rip), %rax
	punpcklqdq	%xmm1, %xmm3
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, %xmm4
	movq	%rsi, %xmm1
	movaps	%xmm3, 16(%rsp)
	punpcklqdq	%xmm4, %xmm1
	movaps	%xmm0, 32(%rsp)
	movaps	%xmm1, (%rsp)
.LBE298:
.LBE297:
.LBE307:
.LBE312:
.LBE322:
	.loc 2 92 5 is_stmt 1 view .LVU542
	.loc 2 93 5 view .LVU543
.LVL166:
.LBB323:
.LBI317:
	.loc 1 429 20 view .LVU544
.LBB320:
	.loc 1 430 5 view .LVU545
	.loc 1 430 18 is_stmt 0 view .LVU546
	call	support_path@PLT
.LVL167:
	.loc 1 431 5 view .LVU547
	movl	$43, %edx
	leaq	.LC46(%rip), %rsi
	.loc 1 430 18 view .LVU548
	movq	%rax, %rbx
.LVL168:
	.loc 1 431 5 is_stmt 1 view .LVU549
.LBB319:
.LBI319:
	.loc 3 24 28 view .LVU550
	.loc 3 25 5 view .LVU551
	.loc 3 25 5 is_stmt 0 view .LVU552
.LBE319:
	.loc 1 431 5 view .LVU553
	movq	%rax, %rdi
	call	support_write_file@PLT
.LVL169:
	.loc 1 432 5 is_stmt 1 view .LVU554
	movq	%rbx, %rdi
.LBE320:
.LBE323:
	.loc 2 95 9 is_stmt 0 view .LVU555
	leaq	.LC42(%rip), %rbx
.LVL170:
.LBB324:
.LBB321:
	.loc 1 432 5 view .LVU556
	call	free@PLT
.LVL171:
	.loc 1 432 5 view .LVU557
.LBE321:
.LBE324:
	.loc 2 94 5 is_stmt 1 view .LVU558
	.loc 2 95 9 is_stmt 0 view .LVU559
	movq	process_folder(%rip), %rax
	movdqa	32(%rsp), %xmm0
	pxor	%xmm2, %xmm2
	movdqa	(%rsp), %xmm1
	leaq	64(%rsp), %rdi
	movaps	%xmm2, 80(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC43(%rip), %rax
	movq	%rax, %xmm5
	movaps	%xmm0, 176(%rsp)
	movq	%rbx, %xmm0
	leaq	176(%rsp), %rax
	punpcklqdq	%xmm5, %xmm0
	movaps	%xmm1, 208(%rsp)
	leaq	.LC47(%rip), %rbx
	movaps	%xmm0, 192(%rsp)
	movq	$0, 224(%rsp)
	movq	%rax, 72(%rsp)
	call	process_start_with
.LVL172:
.LBB325:
.LBB313:
.LBB308:
.LBB301:
.LBB299:
	.loc 1 81 11 view .LVU560
	movq	%r13, %rsi
	movl	$1, %edi
.LBE299:
.LBE301:
.LBE308:
.LBE313:
.LBE325:
	.loc 2 95 9 view .LVU561
	movq	%rax, %r15
.LVL173:
	.loc 2 96 5 is_stmt 1 view .LVU562
.LBB326:
.LBI283:
	.loc 1 282 20 view .LVU563
	.loc 1 283 5 view .LVU564
.LBB314:
.LBI284:
	.loc 1 266 20 view .LVU565
.LBB309:
	.loc 1 267 5 view .LVU566
.LBB302:
.LBI297:
	.loc 1 79 24 view .LVU567
.LBB300:
	.loc 1 80 5 view .LVU568
	.loc 1 81 5 view .LVU569
	.loc 1 81 11 is_stmt 0 view .LVU570
	call	clock_gettime@PLT
.LVL174:
	.loc 1 82 5 is_stmt 1 view .LVU571
	.loc 1 82 64 is_stmt 0 view .LVU572
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU573
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU574
	shrq	$18, %rdx
.LBE300:
.LBE302:
	.loc 1 267 14 view .LVU575
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, (%rsp)
.LVL175:
	.loc 1 267 14 view .LVU576
	jmp	.L123
.LVL176:
	.p2align 4,,10
	.p2align 3
.L115:
.LBB303:
	.loc 1 275 9 is_stmt 1 view .LVU577
	.loc 1 275 12 is_stmt 0 view .LVU578
	movl	8(%r15), %edx
	testl	%edx, %edx
	js	.L120
.LBB294:
.LBI294:
	.loc 1 79 24 is_stmt 1 view .LVU579
.LBB295:
	.loc 1 80 5 view .LVU580
	.loc 1 81 5 view .LVU581
	.loc 1 81 11 is_stmt 0 view .LVU582
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL177:
	.loc 1 82 5 is_stmt 1 view .LVU583
	.loc 1 82 64 is_stmt 0 view .LVU584
	movabsq	$4835703278458516699, %rax
	mulq	104(%rsp)
	.loc 1 82 33 view .LVU585
	imulq	$1000, 96(%rsp), %rcx
	.loc 1 82 64 view .LVU586
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU587
	addq	%rdx, %rcx
.LBE295:
.LBE294:
	.loc 1 275 28 view .LVU588
	cmpq	%rcx, (%rsp)
	jnb	.L121
.L120:
	.loc 1 276 13 is_stmt 1 view .LVU589
.LVL178:
.LBB296:
.LBI287:
	.loc 1 259 20 view .LVU590
.LBB293:
	.loc 1 260 5 view .LVU591
	.loc 1 260 11 is_stmt 0 view .LVU592
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL179:
	.loc 1 261 5 is_stmt 1 view .LVU593
.LBB292:
.LBI289:
	.loc 1 134 20 view .LVU594
.LBB291:
	.loc 1 135 5 view .LVU595
	.loc 1 135 11 is_stmt 0 view .LVU596
	cmpq	$0, 72(%r15)
	movq	%r12, %r9
	je	.L119
	movq	64(%r15), %r9
.L119:
	.loc 1 135 11 view .LVU597
	cmpq	$0, 24(%r15)
	movq	%r12, %r8
	je	.L122
	movq	16(%r15), %r8
.L122:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL180:
	.loc 1 135 11 view .LVU598
.LBE291:
.LBE292:
	.loc 1 262 5 is_stmt 1 view .LVU599
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL181:
.L121:
	.loc 1 262 5 is_stmt 0 view .LVU600
.LBE293:
.LBE296:
	.loc 1 278 9 is_stmt 1 view .LVU601
	.loc 1 278 15 is_stmt 0 view .LVU602
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL182:
.LBE303:
	.loc 1 268 5 is_stmt 1 view .LVU603
.L123:
	.loc 1 268 5 view .LVU604
.LBB304:
	.loc 1 269 9 view .LVU605
	.loc 1 269 76 is_stmt 0 view .LVU606
	cmpq	$0, 24(%r15)
	je	.L115
	.loc 1 269 69 view .LVU607
	movq	40(%r15), %r14
	.loc 1 269 76 view .LVU608
	movq	16(%r15), %rbp
	.loc 1 270 29 view .LVU609
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU610
	addq	%r14, %rbp
.LVL183:
	.loc 1 270 9 is_stmt 1 view .LVU611
	.loc 1 270 29 is_stmt 0 view .LVU612
	movq	%rbp, %rdi
	call	strstr@PLT
.LVL184:
	.loc 1 271 9 is_stmt 1 view .LVU613
	.loc 1 271 12 is_stmt 0 view .LVU614
	testq	%rax, %rax
	je	.L115
	.loc 1 272 13 is_stmt 1 view .LVU615
	.loc 1 272 44 is_stmt 0 view .LVU616
	subq	%rbp, %rax
.LVL185:
	.loc 1 272 44 view .LVU617
.LBE304:
.LBE309:
.LBE314:
.LBE326:
	.loc 2 97 30 view .LVU618
	pxor	%xmm0, %xmm0
	movdqa	16(%rsp), %xmm6
	movq	%r13, %rdi
.LBB327:
.LBB315:
.LBB310:
.LBB305:
	.loc 1 272 26 view .LVU619
	leaq	9(%r14,%rax), %rax
.LBE305:
.LBE310:
.LBE315:
.LBE327:
	.loc 2 97 30 view .LVU620
	leaq	.LC40(%rip), %rbx
.LBB328:
.LBB329:
.LBB330:
.LBB331:
.LBB332:
	.loc 1 82 64 view .LVU621
	movabsq	$4835703278458516699, %r13
.LBE332:
.LBE331:
.LBE330:
.LBE329:
.LBE328:
.LBB352:
.LBB316:
.LBB311:
.LBB306:
	.loc 1 272 26 view .LVU622
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU623
.LVL186:
	.loc 1 273 13 is_stmt 0 view .LVU624
.LBE306:
.LBE311:
.LBE316:
.LBE352:
	.loc 2 97 5 is_stmt 1 view .LVU625
	.loc 2 97 30 is_stmt 0 view .LVU626
	movq	process_folder(%rip), %rax
.LBB353:
.LBB350:
.LBB348:
.LBB334:
.LBB335:
.LBB336:
.LBB337:
.LBB338:
	.loc 1 135 11 view .LVU627
	leaq	.LC28(%rip), %r12
.LBE338:
.LBE337:
.LBE336:
.LBE335:
.LBE334:
.LBE348:
.LBE350:
.LBE353:
	.loc 2 97 30 view .LVU628
	movaps	%xmm0, 112(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC49(%rip), %rbx
	movq	%rax, 96(%rsp)
	leaq	.LC41(%rip), %rax
	movq	%rax, %xmm7
	leaq	.LC48(%rip), %rax
	movaps	%xmm6, 128(%rsp)
	punpcklqdq	%xmm7, %xmm0
	movq	%rax, 160(%rsp)
	leaq	128(%rsp), %rax
	movaps	%xmm0, 144(%rsp)
	movq	$0, 168(%rsp)
	movq	%rax, 104(%rsp)
	call	process_start_with
.LVL187:
	.loc 2 98 5 view .LVU629
	xorl	%esi, %esi
	.loc 2 97 30 view .LVU630
	movq	%rax, %rdi
.LVL188:
	.loc 2 98 5 is_stmt 1 view .LVU631
	call	process_assert_code
.LVL189:
	.loc 2 99 5 view .LVU632
.LBB354:
.LBI328:
	.loc 1 282 20 view .LVU633
	.loc 1 283 5 view .LVU634
.LBB351:
.LBI329:
	.loc 1 266 20 view .LVU635
.LBB349:
	.loc 1 267 5 view .LVU636
.LBB345:
.LBI331:
	.loc 1 79 24 view .LVU637
.LBB333:
	.loc 1 80 5 view .LVU638
	.loc 1 81 5 view .LVU639
	.loc 1 81 11 is_stmt 0 view .LVU640
	leaq	48(%rsp), %rsi
	movl	$1, %edi
	movq	%rsi, 16(%rsp)
	call	clock_gettime@PLT
.LVL190:
	.loc 1 82 5 is_stmt 1 view .LVU641
	.loc 1 82 64 is_stmt 0 view .LVU642
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU643
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU644
	shrq	$18, %rdx
.LBE333:
.LBE345:
	.loc 1 267 14 view .LVU645
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, (%rsp)
.LVL191:
	.loc 1 267 14 view .LVU646
	jmp	.L116
.LVL192:
	.p2align 4,,10
	.p2align 3
.L124:
.LBB346:
	.loc 1 275 9 is_stmt 1 view .LVU647
	.loc 1 275 12 is_stmt 0 view .LVU648
	movl	8(%r15), %eax
	testl	%eax, %eax
	js	.L128
.LBB342:
.LBI342:
	.loc 1 79 24 is_stmt 1 view .LVU649
.LBB343:
	.loc 1 80 5 view .LVU650
	.loc 1 81 5 view .LVU651
	.loc 1 81 11 is_stmt 0 view .LVU652
	movq	16(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL193:
	.loc 1 82 5 is_stmt 1 view .LVU653
	.loc 1 82 64 is_stmt 0 view .LVU654
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU655
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU656
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU657
	addq	%rdx, %rcx
.LBE343:
.LBE342:
	.loc 1 275 28 view .LVU658
	cmpq	%rcx, (%rsp)
	jnb	.L129
.L128:
	.loc 1 276 13 is_stmt 1 view .LVU659
.LVL194:
.LBB344:
.LBI335:
	.loc 1 259 20 view .LVU660
.LBB341:
	.loc 1 260 5 view .LVU661
	.loc 1 260 11 is_stmt 0 view .LVU662
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL195:
	.loc 1 261 5 is_stmt 1 view .LVU663
.LBB340:
.LBI337:
	.loc 1 134 20 view .LVU664
.LBB339:
	.loc 1 135 5 view .LVU665
	.loc 1 135 11 is_stmt 0 view .LVU666
	cmpq	$0, 72(%r15)
	movq	%r12, %r9
	je	.L127
	movq	64(%r15), %r9
.L127:
	.loc 1 135 11 view .LVU667
	cmpq	$0, 24(%r15)
	movq	%r12, %r8
	je	.L130
	movq	16(%r15), %r8
.L130:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL196:
	.loc 1 135 11 view .LVU668
.LBE339:
.LBE340:
	.loc 1 262 5 is_stmt 1 view .LVU669
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL197:
.L129:
	.loc 1 262 5 is_stmt 0 view .LVU670
.LBE341:
.LBE344:
	.loc 1 278 9 is_stmt 1 view .LVU671
	.loc 1 278 15 is_stmt 0 view .LVU672
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL198:
.LBE346:
	.loc 1 268 5 is_stmt 1 view .LVU673
.L116:
	.loc 1 268 5 view .LVU674
.LBB347:
	.loc 1 269 9 view .LVU675
	.loc 1 269 76 is_stmt 0 view .LVU676
	cmpq	$0, 24(%r15)
	je	.L124
	.loc 1 269 69 view .LVU677
	movq	40(%r15), %r14
	.loc 1 269 76 view .LVU678
	movq	16(%r15), %rbp
	.loc 1 270 29 view .LVU679
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU680
	addq	%r14, %rbp
.LVL199:
	.loc 1 270 9 is_stmt 1 view .LVU681
	.loc 1 270 29 is_stmt 0 view .LVU682
	movq	%rbp, %rdi
	call	strstr@PLT
.LVL200:
	.loc 1 271 9 is_stmt 1 view .LVU683
	.loc 1 271 12 is_stmt 0 view .LVU684
	testq	%rax, %rax
	je	.L124
	.loc 1 272 13 is_stmt 1 view .LVU685
	.loc 1 272 44 is_stmt 0 view .LVU686
	subq	%rbp, %rax
.LVL201:
	.loc 1 272 26 view .LVU687
	leaq	48(%r14,%rax), %rax
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU688
.LVL202:
	.loc 1 273 13 is_stmt 0 view .LVU689
.LBE347:
.LBE349:
.LBE351:
.LBE354:
	.loc 2 100 1 view .LVU690
	movq	232(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L142
	addq	$248, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
.LVL203:
	.loc 2 100 1 view .LVU691
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL204:
	.loc 2 100 1 view .LVU692
	ret
.LVL205:
.L142:
	.cfi_restore_state
	.loc 2 100 1 view .LVU693
	call	__stack_chk_fail@PLT
.LVL206:
	.cfi_endproc
.LFE73:
	.size	rules_stand_in_a_file_too, .-rules_stand_in_a_file_too
	.section	.rodata.str1.1
.LC50:
	.string	"--fault"
.LC51:
	.string	" on the network "
.LC52:
	.string	"refuse creq"
.LC53:
	.string	"refused: 503"
.LC54:
	.string	"connected with 580"
	.section	.rodata.str1.8
	.align 8
.LC55:
	.string	"strstr(process_text(&broker->err), \"connected with 580\")"
	.text
	.p2align 4
	.type	a_client_refuses_itself_likewise, @function
a_client_refuses_itself_likewise:
.LVL207:
.LFB68:
	.loc 2 32 60 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 32 60 is_stmt 0 view .LVU695
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB391:
.LBB392:
	.loc 1 410 30 view .LVU696
	pxor	%xmm0, %xmm0
.LBE392:
.LBE391:
	.loc 2 32 60 view .LVU697
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
.LBB442:
.LBB436:
.LBB393:
.LBB394:
.LBB395:
.LBB396:
.LBB397:
.LBB398:
.LBB399:
.LBB400:
	.loc 1 135 11 view .LVU698
	leaq	.LC28(%rip), %r13
.LBE400:
.LBE399:
.LBE398:
.LBE397:
.LBE396:
.LBE395:
.LBE394:
.LBE393:
.LBE436:
.LBE442:
	.loc 2 32 60 view .LVU699
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	leaq	.LC13(%rip), %rbx
	subq	$184, %rsp
	.cfi_def_cfa_offset 240
	movq	%fs:40, %rax
	movq	%rax, 168(%rsp)
	leaq	.LC38(%rip), %rax
.LBB443:
.LBB437:
	.loc 1 410 30 view .LVU700
	movaps	%xmm0, 80(%rsp)
.LBB430:
.LBB424:
.LBB418:
.LBB407:
.LBB408:
	.loc 1 81 11 view .LVU701
	leaq	48(%rsp), %rbp
.LBE408:
.LBE407:
.LBE418:
.LBE424:
.LBE430:
	.loc 1 410 30 view .LVU702
	movq	$0, 120(%rsp)
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm2
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm1, %xmm2
	movq	%rax, 64(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC42(%rip), %rax
	movaps	%xmm2, 16(%rsp)
.LBE437:
.LBE443:
	.loc 2 33 5 is_stmt 1 view .LVU703
	.loc 2 34 5 view .LVU704
.LBB444:
.LBI391:
	.loc 1 409 31 view .LVU705
.LVL208:
.LBB438:
	.loc 1 410 5 view .LVU706
	.loc 1 410 30 is_stmt 0 view .LVU707
	movq	%rax, 112(%rsp)
	leaq	96(%rsp), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 40(%rsp)
	movq	%rax, 72(%rsp)
	leaq	64(%rsp), %rax
	movq	%rax, %rdi
.LVL209:
	.loc 1 410 30 view .LVU708
	movaps	%xmm0, 96(%rsp)
	movq	%rax, 32(%rsp)
	call	process_start_with
.LVL210:
.LBB431:
.LBB425:
.LBB419:
.LBB411:
.LBB409:
	.loc 1 81 11 view .LVU709
	movq	%rbp, %rsi
	movl	$1, %edi
.LBE409:
.LBE411:
.LBE419:
.LBE425:
.LBE431:
	.loc 1 410 30 view .LVU710
	movq	%rax, %r15
.LVL211:
	.loc 1 411 5 is_stmt 1 view .LVU711
.LBB432:
.LBI393:
	.loc 1 286 20 view .LVU712
	.loc 1 287 5 view .LVU713
.LBB426:
.LBI394:
	.loc 1 266 20 view .LVU714
.LBB420:
	.loc 1 267 5 view .LVU715
.LBB412:
.LBI407:
	.loc 1 79 24 view .LVU716
.LBB410:
	.loc 1 80 5 view .LVU717
	.loc 1 81 5 view .LVU718
	.loc 1 81 11 is_stmt 0 view .LVU719
	call	clock_gettime@PLT
.LVL212:
	.loc 1 82 5 is_stmt 1 view .LVU720
	.loc 1 82 64 is_stmt 0 view .LVU721
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU722
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU723
	shrq	$18, %rdx
.LBE410:
.LBE412:
	.loc 1 267 14 view .LVU724
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL213:
	.loc 1 267 14 view .LVU725
	jmp	.L152
.LVL214:
	.p2align 4,,10
	.p2align 3
.L144:
.LBB413:
	.loc 1 275 9 is_stmt 1 view .LVU726
	.loc 1 275 12 is_stmt 0 view .LVU727
	movl	56(%r15), %edx
	testl	%edx, %edx
	js	.L149
.LBB404:
.LBI404:
	.loc 1 79 24 is_stmt 1 view .LVU728
.LBB405:
	.loc 1 80 5 view .LVU729
	.loc 1 81 5 view .LVU730
	.loc 1 81 11 is_stmt 0 view .LVU731
	movq	%rbp, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL215:
	.loc 1 82 5 is_stmt 1 view .LVU732
	.loc 1 82 64 is_stmt 0 view .LVU733
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU734
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU735
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU736
	addq	%rdx, %rcx
.LBE405:
.LBE404:
	.loc 1 275 28 view .LVU737
	cmpq	%rcx, 8(%rsp)
	jnb	.L150
.L149:
	.loc 1 276 13 is_stmt 1 view .LVU738
.LVL216:
.LBB406:
.LBI397:
	.loc 1 259 20 view .LVU739
.LBB403:
	.loc 1 260 5 view .LVU740
	.loc 1 260 11 is_stmt 0 view .LVU741
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC51(%rip), %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL217:
	.loc 1 261 5 is_stmt 1 view .LVU742
.LBB402:
.LBI399:
	.loc 1 134 20 view .LVU743
.LBB401:
	.loc 1 135 5 view .LVU744
	.loc 1 135 11 is_stmt 0 view .LVU745
	cmpq	$0, 72(%r15)
	movq	%r13, %r9
	je	.L148
	movq	64(%r15), %r9
.L148:
	.loc 1 135 11 view .LVU746
	cmpq	$0, 24(%r15)
	movq	%r13, %r8
	je	.L151
	movq	16(%r15), %r8
.L151:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL218:
	.loc 1 135 11 view .LVU747
.LBE401:
.LBE402:
	.loc 1 262 5 is_stmt 1 view .LVU748
	movl	$262, %esi
	movq	%rbx, %rdi
	call	_fail@PLT
.LVL219:
.L150:
	.loc 1 262 5 is_stmt 0 view .LVU749
.LBE403:
.LBE406:
	.loc 1 278 9 is_stmt 1 view .LVU750
	.loc 1 278 15 is_stmt 0 view .LVU751
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL220:
.LBE413:
	.loc 1 268 5 is_stmt 1 view .LVU752
.L152:
	.loc 1 268 5 view .LVU753
.LBB414:
	.loc 1 269 9 view .LVU754
	.loc 1 269 76 is_stmt 0 view .LVU755
	cmpq	$0, 72(%r15)
	je	.L144
	.loc 1 269 69 view .LVU756
	movq	88(%r15), %r12
	.loc 1 269 76 view .LVU757
	movq	64(%r15), %r14
	.loc 1 270 29 view .LVU758
	leaq	.LC51(%rip), %rsi
	.loc 1 269 76 view .LVU759
	addq	%r12, %r14
.LVL221:
	.loc 1 270 9 is_stmt 1 view .LVU760
	.loc 1 270 29 is_stmt 0 view .LVU761
	movq	%r14, %rdi
	call	strstr@PLT
.LVL222:
	.loc 1 271 9 is_stmt 1 view .LVU762
	.loc 1 271 12 is_stmt 0 view .LVU763
	testq	%rax, %rax
	je	.L144
	.loc 1 272 13 is_stmt 1 view .LVU764
	.loc 1 272 44 is_stmt 0 view .LVU765
	movq	%r14, %rsi
.LBE414:
.LBE420:
.LBE426:
.LBE432:
.LBE438:
.LBE444:
	.loc 2 36 9 view .LVU766
	pxor	%xmm0, %xmm0
	movdqa	16(%rsp), %xmm3
	movq	32(%rsp), %rdi
.LBB445:
.LBB439:
.LBB433:
.LBB427:
.LBB421:
.LBB415:
	.loc 1 272 44 view .LVU767
	subq	%rsi, %rax
.LVL223:
	.loc 1 272 44 view .LVU768
.LBE415:
.LBE421:
.LBE427:
.LBE433:
.LBE439:
.LBE445:
	.loc 2 36 9 view .LVU769
	leaq	.LC40(%rip), %rsi
	movaps	%xmm0, 80(%rsp)
.LBB446:
.LBB440:
.LBB434:
.LBB428:
.LBB422:
.LBB416:
	.loc 1 272 26 view .LVU770
	leaq	16(%r12,%rax), %rax
.LBE416:
.LBE422:
.LBE428:
.LBE434:
.LBE440:
.LBE446:
	.loc 2 36 9 view .LVU771
	movq	%rsi, %xmm0
	movq	%rbp, %r12
.LBB447:
.LBB441:
.LBB435:
.LBB429:
.LBB423:
.LBB417:
	.loc 1 272 26 view .LVU772
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU773
.LVL224:
	.loc 1 273 13 is_stmt 0 view .LVU774
.LBE417:
.LBE423:
.LBE429:
.LBE435:
	.loc 1 412 5 is_stmt 1 view .LVU775
	.loc 1 412 5 is_stmt 0 view .LVU776
.LBE441:
.LBE447:
	.loc 2 35 5 is_stmt 1 view .LVU777
	.loc 2 36 9 is_stmt 0 view .LVU778
	movq	process_folder(%rip), %rax
	leaq	.LC48(%rip), %rsi
	movaps	%xmm3, 96(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC41(%rip), %rax
	movq	%rax, %xmm4
	leaq	.LC50(%rip), %rax
	movq	$0, 152(%rsp)
	punpcklqdq	%xmm4, %xmm0
	movq	%rax, %xmm5
	leaq	.LC52(%rip), %rax
	movq	%rax, 144(%rsp)
	movq	40(%rsp), %rax
	movaps	%xmm0, 112(%rsp)
	movq	%rsi, %xmm0
	punpcklqdq	%xmm5, %xmm0
	movq	%rax, 72(%rsp)
	movaps	%xmm0, 128(%rsp)
	call	process_start_with
.LVL225:
	.loc 2 37 5 view .LVU779
	movl	$1, %esi
	movq	%rax, %rdi
	.loc 2 36 9 view .LVU780
	movq	%rax, %r14
.LVL226:
	.loc 2 37 5 is_stmt 1 view .LVU781
	call	process_assert_code
.LVL227:
	.loc 2 38 5 view .LVU782
.LBB448:
.LBI448:
	.loc 1 286 20 view .LVU783
	.loc 1 287 5 view .LVU784
.LBB449:
.LBI449:
	.loc 1 266 20 view .LVU785
.LBB450:
	.loc 1 267 5 view .LVU786
.LBB451:
.LBI451:
	.loc 1 79 24 view .LVU787
.LBB452:
	.loc 1 80 5 view .LVU788
	.loc 1 81 5 view .LVU789
	.loc 1 81 11 is_stmt 0 view .LVU790
	movq	%rbp, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL228:
	.loc 1 82 5 is_stmt 1 view .LVU791
	movq	%r15, 8(%rsp)
	.loc 1 82 64 is_stmt 0 view .LVU792
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU793
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU794
	shrq	$18, %rdx
.LBE452:
.LBE451:
	.loc 1 267 14 view .LVU795
	leaq	120000(%rcx,%rdx), %rax
.LVL229:
	.loc 1 267 14 view .LVU796
	movq	%rax, %rbp
	jmp	.L145
.LVL230:
	.p2align 4,,10
	.p2align 3
.L153:
.LBB453:
	.loc 1 275 9 is_stmt 1 view .LVU797
	.loc 1 275 12 is_stmt 0 view .LVU798
	movl	56(%r14), %eax
	testl	%eax, %eax
	js	.L159
.LBB454:
.LBI454:
	.loc 1 79 24 is_stmt 1 view .LVU799
.LBB455:
	.loc 1 80 5 view .LVU800
	.loc 1 81 5 view .LVU801
	.loc 1 81 11 is_stmt 0 view .LVU802
	movq	%r12, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL231:
	.loc 1 82 5 is_stmt 1 view .LVU803
	.loc 1 82 64 is_stmt 0 view .LVU804
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU805
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU806
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU807
	addq	%rdx, %rcx
.LBE455:
.LBE454:
	.loc 1 275 28 view .LVU808
	cmpq	%rcx, %rbp
	jnb	.L160
.L159:
	.loc 1 276 13 is_stmt 1 view .LVU809
.LVL232:
.LBB456:
.LBI456:
	.loc 1 259 20 view .LVU810
.LBB457:
	.loc 1 260 5 view .LVU811
	.loc 1 260 11 is_stmt 0 view .LVU812
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC53(%rip), %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL233:
	.loc 1 261 5 is_stmt 1 view .LVU813
.LBB458:
.LBI458:
	.loc 1 134 20 view .LVU814
.LBB459:
	.loc 1 135 5 view .LVU815
	.loc 1 135 11 is_stmt 0 view .LVU816
	cmpq	$0, 72(%r14)
	leaq	.LC28(%rip), %r9
	je	.L158
	movq	64(%r14), %r9
.L158:
	.loc 1 135 11 view .LVU817
	cmpq	$0, 24(%r14)
	leaq	.LC28(%rip), %r8
	je	.L161
	movq	16(%r14), %r8
.L161:
	movl	(%r14), %ecx
	movq	104(%r14), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL234:
	.loc 1 135 11 view .LVU818
.LBE459:
.LBE458:
	.loc 1 262 5 is_stmt 1 view .LVU819
	movl	$262, %esi
	movq	%rbx, %rdi
	call	_fail@PLT
.LVL235:
.L160:
	.loc 1 262 5 is_stmt 0 view .LVU820
.LBE457:
.LBE456:
	.loc 1 278 9 is_stmt 1 view .LVU821
	.loc 1 278 15 is_stmt 0 view .LVU822
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL236:
.LBE453:
	.loc 1 268 5 is_stmt 1 view .LVU823
.L145:
	.loc 1 268 5 view .LVU824
.LBB460:
	.loc 1 269 9 view .LVU825
	.loc 1 269 76 is_stmt 0 view .LVU826
	cmpq	$0, 72(%r14)
	je	.L153
	.loc 1 269 69 view .LVU827
	movq	88(%r14), %r15
	.loc 1 269 76 view .LVU828
	movq	64(%r14), %r13
	.loc 1 270 29 view .LVU829
	leaq	.LC53(%rip), %rsi
	.loc 1 269 76 view .LVU830
	addq	%r15, %r13
.LVL237:
	.loc 1 270 9 is_stmt 1 view .LVU831
	.loc 1 270 29 is_stmt 0 view .LVU832
	movq	%r13, %rdi
	call	strstr@PLT
.LVL238:
	.loc 1 271 9 is_stmt 1 view .LVU833
	.loc 1 271 12 is_stmt 0 view .LVU834
	testq	%rax, %rax
	je	.L153
	.loc 1 272 44 view .LVU835
	movq	%r15, %r12
	subq	%r13, %rax
.LVL239:
	.loc 1 272 44 view .LVU836
	movq	8(%rsp), %r15
	.loc 1 272 13 is_stmt 1 view .LVU837
.LBE460:
.LBE450:
.LBE449:
.LBE448:
.LBB464:
.LBB465:
.LBB466:
.LBB467:
	.loc 1 305 5 is_stmt 0 view .LVU838
	movl	$15, %esi
.LBE467:
.LBE466:
.LBE465:
.LBE464:
.LBB471:
.LBB463:
.LBB462:
.LBB461:
	.loc 1 272 26 view .LVU839
	leaq	12(%r12,%rax), %rax
	movq	%rax, 88(%r14)
	.loc 1 273 13 is_stmt 1 view .LVU840
.LVL240:
	.loc 1 273 13 is_stmt 0 view .LVU841
.LBE461:
.LBE462:
.LBE463:
.LBE471:
	.loc 2 39 5 is_stmt 1 view .LVU842
.LBB472:
.LBI464:
	.loc 1 338 20 view .LVU843
.LBB470:
	.loc 1 339 5 view .LVU844
.LBB469:
.LBI466:
	.loc 1 304 20 view .LVU845
.LBB468:
	.loc 1 305 5 view .LVU846
	movl	(%r15), %edi
	call	kill@PLT
.LVL241:
	xorl	%esi, %esi
	movl	$305, %ecx
	movq	%rbx, %rdx
	movslq	%eax, %rdi
	call	_assert_int_equal@PLT
.LVL242:
	.loc 1 305 5 is_stmt 0 view .LVU847
.LBE468:
.LBE469:
	.loc 1 340 5 is_stmt 1 view .LVU848
	xorl	%esi, %esi
	movq	%r15, %rdi
	call	process_assert_code
.LVL243:
	.loc 1 340 5 is_stmt 0 view .LVU849
.LBE470:
.LBE472:
	.loc 2 40 5 is_stmt 1 view .LVU850
.LBB473:
.LBI473:
	.loc 1 348 27 view .LVU851
.LBB474:
	.loc 1 349 5 view .LVU852
	.loc 1 349 44 is_stmt 0 view .LVU853
	cmpq	$0, 72(%r15)
	movl	$1, %edi
	je	.L155
.LBE474:
.LBE473:
	.loc 2 40 5 view .LVU854
	movq	64(%r15), %rdi
	leaq	.LC54(%rip), %rsi
	call	strstr@PLT
.LVL244:
	xorl	%edi, %edi
	testq	%rax, %rax
	sete	%dil
.L155:
.LVL245:
	.loc 2 40 5 view .LVU855
	movl	$40, %ecx
	leaq	.LC37(%rip), %rdx
	leaq	.LC55(%rip), %rsi
	call	_assert_true@PLT
.LVL246:
	.loc 2 41 1 view .LVU856
	movq	168(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L172
	addq	$184, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
.LVL247:
	.loc 2 41 1 view .LVU857
	popq	%r14
	.cfi_def_cfa_offset 16
.LVL248:
	.loc 2 41 1 view .LVU858
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
.LVL249:
.L172:
	.cfi_restore_state
	.loc 2 41 1 view .LVU859
	call	__stack_chk_fail@PLT
.LVL250:
	.cfi_endproc
.LFE68:
	.size	a_client_refuses_itself_likewise, .-a_client_refuses_itself_likewise
	.section	.rodata.str1.1
.LC56:
	.string	"conn\n"
.LC57:
	.string	"refuse creq 1"
.LC58:
	.string	"on the network"
.LC59:
	.string	"process_now_ms() < deadline"
.LC60:
	.string	"connected with 83"
	.text
	.p2align 4
	.type	a_request_for_a_connection_is_refused, @function
a_request_for_a_connection_is_refused:
.LVL251:
.LFB67:
	.loc 2 22 65 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 22 65 is_stmt 0 view .LVU861
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB542:
.LBB543:
	.loc 2 5 30 view .LVU862
	pxor	%xmm0, %xmm0
	leaq	.LC42(%rip), %rsi
.LBE543:
.LBE542:
	.loc 2 22 65 view .LVU863
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
.LBB593:
.LBB587:
.LBB544:
.LBB545:
.LBB546:
.LBB547:
.LBB548:
.LBB549:
.LBB550:
.LBB551:
	.loc 1 135 11 view .LVU864
	leaq	.LC28(%rip), %rbp
.LBE551:
.LBE550:
.LBE549:
.LBE548:
.LBE547:
.LBE546:
.LBE545:
.LBE544:
.LBE587:
.LBE593:
	.loc 2 22 65 view .LVU865
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	leaq	.LC58(%rip), %rbx
	subq	$168, %rsp
	.cfi_def_cfa_offset 224
	movq	%fs:40, %rax
	movq	%rax, 152(%rsp)
	leaq	.LC38(%rip), %rax
.LBB594:
.LBB588:
	.loc 2 5 30 view .LVU866
	movaps	%xmm0, 80(%rsp)
.LBB581:
.LBB575:
.LBB569:
.LBB558:
.LBB559:
	.loc 1 81 11 view .LVU867
	leaq	48(%rsp), %r13
.LBE559:
.LBE558:
.LBE569:
.LBE575:
.LBE581:
	.loc 2 5 30 view .LVU868
	movq	$0, 136(%rsp)
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm2
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm1, %xmm2
	movq	%rax, 64(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC50(%rip), %rax
	movaps	%xmm2, 16(%rsp)
.LBE588:
.LBE594:
	.loc 2 23 5 is_stmt 1 view .LVU869
	.loc 2 24 5 view .LVU870
.LVL252:
.LBB595:
.LBI542:
	.loc 2 4 24 view .LVU871
.LBB589:
	.loc 2 5 5 view .LVU872
	.loc 2 5 30 is_stmt 0 view .LVU873
	movq	%rax, %xmm3
	leaq	.LC57(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 128(%rsp)
	leaq	96(%rsp), %rax
	movq	%rax, 40(%rsp)
	movq	%rax, 72(%rsp)
	leaq	64(%rsp), %rax
	movaps	%xmm0, 96(%rsp)
	movq	%rsi, %xmm0
	movq	%rax, %rdi
.LVL253:
	.loc 2 5 30 view .LVU874
	punpcklqdq	%xmm3, %xmm0
	movq	%rax, 32(%rsp)
	movaps	%xmm0, 112(%rsp)
	call	process_start_with
.LVL254:
.LBB582:
.LBB576:
.LBB570:
.LBB562:
.LBB560:
	.loc 1 81 11 view .LVU875
	movq	%r13, %rsi
	movl	$1, %edi
.LBE560:
.LBE562:
.LBE570:
.LBE576:
.LBE582:
	.loc 2 5 30 view .LVU876
	movq	%rax, %r14
.LVL255:
	.loc 2 6 5 is_stmt 1 view .LVU877
.LBB583:
.LBI544:
	.loc 1 286 20 view .LVU878
	.loc 1 287 5 view .LVU879
.LBB577:
.LBI545:
	.loc 1 266 20 view .LVU880
.LBB571:
	.loc 1 267 5 view .LVU881
.LBB563:
.LBI558:
	.loc 1 79 24 view .LVU882
.LBB561:
	.loc 1 80 5 view .LVU883
	.loc 1 81 5 view .LVU884
	.loc 1 81 11 is_stmt 0 view .LVU885
	call	clock_gettime@PLT
.LVL256:
	.loc 1 82 5 is_stmt 1 view .LVU886
	.loc 1 82 64 is_stmt 0 view .LVU887
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU888
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU889
	shrq	$18, %rdx
.LBE561:
.LBE563:
	.loc 1 267 14 view .LVU890
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL257:
	.loc 1 267 14 view .LVU891
	jmp	.L182
.LVL258:
	.p2align 4,,10
	.p2align 3
.L174:
.LBB564:
	.loc 1 275 9 is_stmt 1 view .LVU892
	.loc 1 275 12 is_stmt 0 view .LVU893
	movl	56(%r14), %ecx
	testl	%ecx, %ecx
	js	.L179
.LBB555:
.LBI555:
	.loc 1 79 24 is_stmt 1 view .LVU894
.LBB556:
	.loc 1 80 5 view .LVU895
	.loc 1 81 5 view .LVU896
	.loc 1 81 11 is_stmt 0 view .LVU897
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL259:
	.loc 1 82 5 is_stmt 1 view .LVU898
	.loc 1 82 64 is_stmt 0 view .LVU899
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU900
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU901
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU902
	addq	%rdx, %rcx
.LBE556:
.LBE555:
	.loc 1 275 28 view .LVU903
	cmpq	%rcx, 8(%rsp)
	jnb	.L180
.L179:
	.loc 1 276 13 is_stmt 1 view .LVU904
.LVL260:
.LBB557:
.LBI548:
	.loc 1 259 20 view .LVU905
.LBB554:
	.loc 1 260 5 view .LVU906
	.loc 1 260 11 is_stmt 0 view .LVU907
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL261:
	.loc 1 261 5 is_stmt 1 view .LVU908
.LBB553:
.LBI550:
	.loc 1 134 20 view .LVU909
.LBB552:
	.loc 1 135 5 view .LVU910
	.loc 1 135 11 is_stmt 0 view .LVU911
	cmpq	$0, 72(%r14)
	movq	%rbp, %r9
	je	.L178
	movq	64(%r14), %r9
.L178:
	.loc 1 135 11 view .LVU912
	cmpq	$0, 24(%r14)
	movq	%rbp, %r8
	je	.L181
	movq	16(%r14), %r8
.L181:
	movl	(%r14), %ecx
	movq	104(%r14), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL262:
	.loc 1 135 11 view .LVU913
.LBE552:
.LBE553:
	.loc 1 262 5 is_stmt 1 view .LVU914
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL263:
.L180:
	.loc 1 262 5 is_stmt 0 view .LVU915
.LBE554:
.LBE557:
	.loc 1 278 9 is_stmt 1 view .LVU916
	.loc 1 278 15 is_stmt 0 view .LVU917
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL264:
.LBE564:
	.loc 1 268 5 is_stmt 1 view .LVU918
.L182:
	.loc 1 268 5 view .LVU919
.LBB565:
	.loc 1 269 9 view .LVU920
	.loc 1 269 76 is_stmt 0 view .LVU921
	cmpq	$0, 72(%r14)
	je	.L174
	.loc 1 269 69 view .LVU922
	movq	88(%r14), %r12
	.loc 1 269 76 view .LVU923
	movq	64(%r14), %r15
	.loc 1 270 29 view .LVU924
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU925
	addq	%r12, %r15
.LVL265:
	.loc 1 270 9 is_stmt 1 view .LVU926
	.loc 1 270 29 is_stmt 0 view .LVU927
	movq	%r15, %rdi
	call	strstr@PLT
.LVL266:
	.loc 1 271 9 is_stmt 1 view .LVU928
	.loc 1 271 12 is_stmt 0 view .LVU929
	testq	%rax, %rax
	je	.L174
	.loc 1 272 13 is_stmt 1 view .LVU930
	.loc 1 272 44 is_stmt 0 view .LVU931
	movq	%r15, %rsi
.LBE565:
.LBE571:
.LBE577:
.LBE583:
.LBE589:
.LBE595:
	.loc 2 25 30 view .LVU932
	movdqa	16(%rsp), %xmm4
	movq	32(%rsp), %rdi
	pxor	%xmm0, %xmm0
.LBB596:
.LBB590:
.LBB584:
.LBB578:
.LBB572:
.LBB566:
	.loc 1 272 44 view .LVU933
	subq	%rsi, %rax
.LVL267:
	.loc 1 272 44 view .LVU934
.LBE566:
.LBE572:
.LBE578:
.LBE584:
.LBE590:
.LBE596:
	.loc 2 25 30 view .LVU935
	movaps	%xmm0, 80(%rsp)
.LBB597:
.LBB598:
.LBB599:
	.loc 1 234 14 view .LVU936
	movl	$5, %ebp
.LBE599:
.LBE598:
.LBE597:
.LBB622:
.LBB591:
.LBB585:
.LBB579:
.LBB573:
.LBB567:
	.loc 1 272 26 view .LVU937
	leaq	14(%r12,%rax), %rax
.LBE567:
.LBE573:
.LBE579:
.LBE585:
.LBE591:
.LBE622:
.LBB623:
.LBB617:
.LBB612:
	.loc 1 234 14 view .LVU938
	leaq	.LC56(%rip), %r12
.LBE612:
.LBE617:
.LBE623:
.LBB624:
.LBB592:
.LBB586:
.LBB580:
.LBB574:
.LBB568:
	.loc 1 272 26 view .LVU939
	movq	%rax, 88(%r14)
	.loc 1 273 13 is_stmt 1 view .LVU940
.LVL268:
	.loc 1 273 13 is_stmt 0 view .LVU941
.LBE568:
.LBE574:
.LBE580:
.LBE586:
	.loc 2 7 5 is_stmt 1 view .LVU942
	.loc 2 7 5 is_stmt 0 view .LVU943
.LBE592:
.LBE624:
	.loc 2 25 5 is_stmt 1 view .LVU944
	.loc 2 25 30 is_stmt 0 view .LVU945
	movq	process_folder(%rip), %rax
.LBB625:
.LBB618:
.LBB613:
.LBB600:
.LBB601:
	.loc 1 82 64 view .LVU946
	movabsq	$4835703278458516699, %r14
.LBE601:
.LBE600:
.LBE613:
.LBE618:
.LBE625:
	.loc 2 25 30 view .LVU947
	movaps	%xmm4, 96(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC40(%rip), %rax
	movq	%rax, 112(%rsp)
	movq	40(%rsp), %rax
	movq	$0, 120(%rsp)
	movq	%rax, 72(%rsp)
	call	process_start_with
.LVL269:
.LBB626:
.LBB619:
.LBB614:
.LBB604:
.LBB602:
	.loc 1 81 11 view .LVU948
	movq	%r13, %rsi
	movl	$1, %edi
.LBE602:
.LBE604:
.LBE614:
.LBE619:
.LBE626:
	.loc 2 25 30 view .LVU949
	movq	%rax, %rbx
.LVL270:
	.loc 2 26 5 is_stmt 1 view .LVU950
.LBB627:
.LBI597:
	.loc 1 248 20 view .LVU951
	.loc 1 249 5 view .LVU952
.LBB620:
.LBI598:
	.loc 1 233 20 view .LVU953
.LBB615:
	.loc 1 234 5 view .LVU954
.LBB605:
.LBI600:
	.loc 1 79 24 view .LVU955
.LBB603:
	.loc 1 80 5 view .LVU956
	.loc 1 81 5 view .LVU957
	.loc 1 81 11 is_stmt 0 view .LVU958
	call	clock_gettime@PLT
.LVL271:
	.loc 1 82 5 is_stmt 1 view .LVU959
	.loc 1 82 64 is_stmt 0 view .LVU960
	movq	%r14, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU961
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU962
	shrq	$18, %rdx
.LBE603:
.LBE605:
	.loc 1 234 14 view .LVU963
	leaq	120000(%rcx,%rdx), %r15
.LVL272:
	.loc 1 235 5 is_stmt 1 view .LVU964
	.loc 1 235 23 view .LVU965
	.p2align 4,,10
	.p2align 3
.L175:
.LBB606:
	.loc 1 236 9 view .LVU966
	.loc 1 236 24 is_stmt 0 view .LVU967
	movl	4(%rbx), %edi
	movq	%rbp, %rdx
	movq	%r12, %rsi
	call	write@PLT
.LVL273:
	.loc 1 237 9 is_stmt 1 view .LVU968
	.loc 1 237 12 is_stmt 0 view .LVU969
	testq	%rax, %rax
	jle	.L183
	.loc 1 238 13 is_stmt 1 view .LVU970
	.loc 1 238 43 is_stmt 0 view .LVU971
	addq	%rax, %r12
.LVL274:
	.loc 1 238 43 view .LVU972
.LBE606:
	.loc 1 235 23 is_stmt 1 view .LVU973
	subq	%rax, %rbp
.LVL275:
	.loc 1 235 23 is_stmt 0 view .LVU974
	jne	.L175
.LVL276:
.L185:
	.loc 1 235 23 view .LVU975
.LBE615:
.LBE620:
.LBE627:
	.loc 2 27 5 is_stmt 1 view .LVU976
.LBB628:
.LBI628:
	.loc 1 286 20 view .LVU977
	.loc 1 287 5 view .LVU978
.LBB629:
.LBI629:
	.loc 1 266 20 view .LVU979
.LBB630:
	.loc 1 267 5 view .LVU980
.LBB631:
.LBI631:
	.loc 1 79 24 view .LVU981
.LBB632:
	.loc 1 80 5 view .LVU982
	.loc 1 81 5 view .LVU983
	.loc 1 81 11 is_stmt 0 view .LVU984
	movq	%r13, %rsi
	movl	$1, %edi
	leaq	.LC53(%rip), %rbp
	call	clock_gettime@PLT
.LVL277:
	.loc 1 82 5 is_stmt 1 view .LVU985
.LBE632:
.LBE631:
.LBB634:
.LBB635:
.LBB636:
.LBB637:
.LBB638:
	.loc 1 135 11 is_stmt 0 view .LVU986
	leaq	.LC28(%rip), %r12
.LBE638:
.LBE637:
.LBE636:
.LBE635:
.LBE634:
.LBB645:
.LBB633:
	.loc 1 82 64 view .LVU987
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU988
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU989
	shrq	$18, %rdx
.LBE633:
.LBE645:
	.loc 1 267 14 view .LVU990
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL278:
	.loc 1 267 14 view .LVU991
	jmp	.L187
.LVL279:
	.p2align 4,,10
	.p2align 3
.L188:
.LBB646:
	.loc 1 275 9 is_stmt 1 view .LVU992
	.loc 1 275 12 is_stmt 0 view .LVU993
	movl	56(%rbx), %edx
	testl	%edx, %edx
	js	.L193
.LBB642:
.LBI642:
	.loc 1 79 24 is_stmt 1 view .LVU994
.LBB643:
	.loc 1 80 5 view .LVU995
	.loc 1 81 5 view .LVU996
	.loc 1 81 11 is_stmt 0 view .LVU997
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL280:
	.loc 1 82 5 is_stmt 1 view .LVU998
	.loc 1 82 64 is_stmt 0 view .LVU999
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1000
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1001
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1002
	addq	%rdx, %rcx
.LBE643:
.LBE642:
	.loc 1 275 28 view .LVU1003
	cmpq	%rcx, 8(%rsp)
	jnb	.L194
.L193:
	.loc 1 276 13 is_stmt 1 view .LVU1004
.LVL281:
.LBB644:
.LBI635:
	.loc 1 259 20 view .LVU1005
.LBB641:
	.loc 1 260 5 view .LVU1006
	.loc 1 260 11 is_stmt 0 view .LVU1007
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL282:
	.loc 1 261 5 is_stmt 1 view .LVU1008
.LBB640:
.LBI637:
	.loc 1 134 20 view .LVU1009
.LBB639:
	.loc 1 135 5 view .LVU1010
	.loc 1 135 11 is_stmt 0 view .LVU1011
	cmpq	$0, 72(%rbx)
	movq	%r12, %r9
	je	.L192
	movq	64(%rbx), %r9
.L192:
	.loc 1 135 11 view .LVU1012
	cmpq	$0, 24(%rbx)
	movq	%r12, %r8
	je	.L195
	movq	16(%rbx), %r8
.L195:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL283:
	.loc 1 135 11 view .LVU1013
.LBE639:
.LBE640:
	.loc 1 262 5 is_stmt 1 view .LVU1014
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL284:
.L194:
	.loc 1 262 5 is_stmt 0 view .LVU1015
.LBE641:
.LBE644:
	.loc 1 278 9 is_stmt 1 view .LVU1016
	.loc 1 278 15 is_stmt 0 view .LVU1017
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL285:
.LBE646:
	.loc 1 268 5 is_stmt 1 view .LVU1018
.L187:
	.loc 1 268 5 view .LVU1019
.LBB647:
	.loc 1 269 9 view .LVU1020
	.loc 1 269 76 is_stmt 0 view .LVU1021
	cmpq	$0, 72(%rbx)
	je	.L188
	.loc 1 269 69 view .LVU1022
	movq	88(%rbx), %r14
	.loc 1 269 76 view .LVU1023
	movq	64(%rbx), %r15
	.loc 1 270 29 view .LVU1024
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU1025
	addq	%r14, %r15
.LVL286:
	.loc 1 270 9 is_stmt 1 view .LVU1026
	.loc 1 270 29 is_stmt 0 view .LVU1027
	movq	%r15, %rdi
	call	strstr@PLT
.LVL287:
	.loc 1 271 9 is_stmt 1 view .LVU1028
	.loc 1 271 12 is_stmt 0 view .LVU1029
	testq	%rax, %rax
	je	.L188
	.loc 1 272 13 is_stmt 1 view .LVU1030
	.loc 1 272 44 is_stmt 0 view .LVU1031
	movq	%r15, %rsi
.LBE647:
.LBE630:
.LBE629:
.LBE628:
.LBB657:
.LBB658:
.LBB659:
.LBB660:
.LBB661:
	.loc 1 81 11 view .LVU1032
	movl	$1, %edi
.LBE661:
.LBE660:
	.loc 1 234 14 view .LVU1033
	movl	$5, %ebp
.LBE659:
.LBE658:
.LBE657:
.LBB682:
.LBB654:
.LBB651:
.LBB648:
	.loc 1 272 44 view .LVU1034
	subq	%rsi, %rax
.LVL288:
	.loc 1 272 44 view .LVU1035
.LBE648:
.LBE651:
.LBE654:
.LBE682:
.LBB683:
.LBB678:
.LBB674:
.LBB665:
.LBB662:
	.loc 1 81 11 view .LVU1036
	movq	%r13, %rsi
.LBE662:
.LBE665:
	.loc 1 234 14 view .LVU1037
	leaq	.LC56(%rip), %r12
.LBE674:
.LBE678:
.LBE683:
.LBB684:
.LBB655:
.LBB652:
.LBB649:
	.loc 1 272 26 view .LVU1038
	leaq	12(%r14,%rax), %rax
.LBE649:
.LBE652:
.LBE655:
.LBE684:
.LBB685:
.LBB679:
.LBB675:
.LBB666:
.LBB663:
	.loc 1 82 64 view .LVU1039
	movabsq	$4835703278458516699, %r14
.LBE663:
.LBE666:
.LBE675:
.LBE679:
.LBE685:
.LBB686:
.LBB656:
.LBB653:
.LBB650:
	.loc 1 272 26 view .LVU1040
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU1041
.LVL289:
	.loc 1 273 13 is_stmt 0 view .LVU1042
.LBE650:
.LBE653:
.LBE656:
.LBE686:
	.loc 2 28 5 is_stmt 1 view .LVU1043
.LBB687:
.LBI657:
	.loc 1 248 20 view .LVU1044
	.loc 1 249 5 view .LVU1045
.LBB680:
.LBI658:
	.loc 1 233 20 view .LVU1046
.LBB676:
	.loc 1 234 5 view .LVU1047
.LBB667:
.LBI660:
	.loc 1 79 24 view .LVU1048
.LBB664:
	.loc 1 80 5 view .LVU1049
	.loc 1 81 5 view .LVU1050
	.loc 1 81 11 is_stmt 0 view .LVU1051
	call	clock_gettime@PLT
.LVL290:
	.loc 1 82 5 is_stmt 1 view .LVU1052
	.loc 1 82 64 is_stmt 0 view .LVU1053
	movq	%r14, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1054
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1055
	shrq	$18, %rdx
.LBE664:
.LBE667:
	.loc 1 234 14 view .LVU1056
	leaq	120000(%rcx,%rdx), %r15
.LVL291:
	.loc 1 235 5 is_stmt 1 view .LVU1057
	.loc 1 235 23 view .LVU1058
	.p2align 4,,10
	.p2align 3
.L189:
.LBB668:
	.loc 1 236 9 view .LVU1059
	.loc 1 236 24 is_stmt 0 view .LVU1060
	movl	4(%rbx), %edi
	movq	%rbp, %rdx
	movq	%r12, %rsi
	call	write@PLT
.LVL292:
	.loc 1 237 9 is_stmt 1 view .LVU1061
	.loc 1 237 12 is_stmt 0 view .LVU1062
	testq	%rax, %rax
	jle	.L196
	.loc 1 238 13 is_stmt 1 view .LVU1063
	.loc 1 238 43 is_stmt 0 view .LVU1064
	addq	%rax, %r12
.LVL293:
	.loc 1 238 43 view .LVU1065
.LBE668:
	.loc 1 235 23 is_stmt 1 view .LVU1066
	subq	%rax, %rbp
.LVL294:
	.loc 1 235 23 is_stmt 0 view .LVU1067
	jne	.L189
.LVL295:
.L198:
	.loc 1 235 23 view .LVU1068
.LBE676:
.LBE680:
.LBE687:
	.loc 2 29 5 is_stmt 1 view .LVU1069
.LBB688:
.LBI688:
	.loc 1 286 20 view .LVU1070
	.loc 1 287 5 view .LVU1071
.LBB689:
.LBI689:
	.loc 1 266 20 view .LVU1072
.LBB690:
	.loc 1 267 5 view .LVU1073
.LBB691:
.LBI691:
	.loc 1 79 24 view .LVU1074
.LBB692:
	.loc 1 80 5 view .LVU1075
	.loc 1 81 5 view .LVU1076
	.loc 1 81 11 is_stmt 0 view .LVU1077
	movq	%r13, %rsi
	movl	$1, %edi
	movq	%r13, %r14
	call	clock_gettime@PLT
.LVL296:
	.loc 1 82 5 is_stmt 1 view .LVU1078
	leaq	.LC60(%rip), %rbp
	.loc 1 82 64 is_stmt 0 view .LVU1079
	movabsq	$4835703278458516699, %rax
.LBE692:
.LBE691:
.LBB694:
.LBB695:
.LBB696:
.LBB697:
.LBB698:
	.loc 1 135 11 view .LVU1080
	leaq	.LC28(%rip), %r12
.LBE698:
.LBE697:
.LBE696:
.LBE695:
.LBE694:
.LBB705:
.LBB693:
	.loc 1 82 64 view .LVU1081
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1082
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1083
	shrq	$18, %rdx
.LBE693:
.LBE705:
	.loc 1 267 14 view .LVU1084
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL297:
	.loc 1 267 14 view .LVU1085
	jmp	.L200
.LVL298:
	.p2align 4,,10
	.p2align 3
.L201:
.LBB706:
	.loc 1 275 9 is_stmt 1 view .LVU1086
	.loc 1 275 12 is_stmt 0 view .LVU1087
	movl	56(%rbx), %eax
	testl	%eax, %eax
	js	.L205
.LBB702:
.LBI702:
	.loc 1 79 24 is_stmt 1 view .LVU1088
.LBB703:
	.loc 1 80 5 view .LVU1089
	.loc 1 81 5 view .LVU1090
	.loc 1 81 11 is_stmt 0 view .LVU1091
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL299:
	.loc 1 82 5 is_stmt 1 view .LVU1092
	.loc 1 82 64 is_stmt 0 view .LVU1093
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1094
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1095
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1096
	addq	%rdx, %rcx
.LBE703:
.LBE702:
	.loc 1 275 28 view .LVU1097
	cmpq	%rcx, 8(%rsp)
	jnb	.L206
.L205:
	.loc 1 276 13 is_stmt 1 view .LVU1098
.LVL300:
.LBB704:
.LBI695:
	.loc 1 259 20 view .LVU1099
.LBB701:
	.loc 1 260 5 view .LVU1100
	.loc 1 260 11 is_stmt 0 view .LVU1101
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL301:
	.loc 1 261 5 is_stmt 1 view .LVU1102
.LBB700:
.LBI697:
	.loc 1 134 20 view .LVU1103
.LBB699:
	.loc 1 135 5 view .LVU1104
	.loc 1 135 11 is_stmt 0 view .LVU1105
	cmpq	$0, 72(%rbx)
	movq	%r12, %r9
	je	.L204
	movq	64(%rbx), %r9
.L204:
	.loc 1 135 11 view .LVU1106
	cmpq	$0, 24(%rbx)
	movq	%r12, %r8
	je	.L207
	movq	16(%rbx), %r8
.L207:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL302:
	.loc 1 135 11 view .LVU1107
.LBE699:
.LBE700:
	.loc 1 262 5 is_stmt 1 view .LVU1108
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL303:
.L206:
	.loc 1 262 5 is_stmt 0 view .LVU1109
.LBE701:
.LBE704:
	.loc 1 278 9 is_stmt 1 view .LVU1110
	.loc 1 278 15 is_stmt 0 view .LVU1111
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL304:
.LBE706:
	.loc 1 268 5 is_stmt 1 view .LVU1112
.L200:
	.loc 1 268 5 view .LVU1113
.LBB707:
	.loc 1 269 9 view .LVU1114
	.loc 1 269 76 is_stmt 0 view .LVU1115
	cmpq	$0, 72(%rbx)
	je	.L201
	.loc 1 269 69 view .LVU1116
	movq	88(%rbx), %r13
	.loc 1 269 76 view .LVU1117
	movq	64(%rbx), %r15
	.loc 1 270 29 view .LVU1118
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU1119
	addq	%r13, %r15
.LVL305:
	.loc 1 270 9 is_stmt 1 view .LVU1120
	.loc 1 270 29 is_stmt 0 view .LVU1121
	movq	%r15, %rdi
	call	strstr@PLT
.LVL306:
	.loc 1 271 9 is_stmt 1 view .LVU1122
	.loc 1 271 12 is_stmt 0 view .LVU1123
	testq	%rax, %rax
	je	.L201
	.loc 1 272 13 is_stmt 1 view .LVU1124
	.loc 1 272 44 is_stmt 0 view .LVU1125
	subq	%r15, %rax
.LVL307:
	.loc 1 272 26 view .LVU1126
	leaq	17(%r13,%rax), %rax
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU1127
.LVL308:
	.loc 1 273 13 is_stmt 0 view .LVU1128
.LBE707:
.LBE690:
.LBE689:
.LBE688:
	.loc 2 30 1 view .LVU1129
	movq	152(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L241
	addq	$168, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
.LVL309:
	.loc 2 30 1 view .LVU1130
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL310:
	.loc 2 30 1 view .LVU1131
	ret
.LVL311:
	.p2align 4,,10
	.p2align 3
.L196:
	.cfi_restore_state
.LBB708:
.LBB681:
.LBB677:
.LBB673:
	.loc 1 239 16 is_stmt 1 view .LVU1132
	.loc 1 239 19 is_stmt 0 view .LVU1133
	je	.L199
	.loc 1 239 32 view .LVU1134
	call	__errno_location@PLT
.LVL312:
	.loc 1 239 32 view .LVU1135
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1136
	cmpl	$11, %eax
	je	.L199
	cmpl	$4, %eax
	jne	.L198
.L199:
	.loc 1 242 13 is_stmt 1 view .LVU1137
	.loc 1 242 19 is_stmt 0 view .LVU1138
	movl	4(%rbx), %edi
	call	process_pump.constprop.0.isra.0
.LVL313:
	.loc 1 243 13 is_stmt 1 view .LVU1139
.LBB669:
.LBI669:
	.loc 1 79 24 view .LVU1140
.LBB670:
	.loc 1 80 5 view .LVU1141
	.loc 1 81 5 view .LVU1142
	.loc 1 81 11 is_stmt 0 view .LVU1143
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL314:
	.loc 1 82 5 is_stmt 1 view .LVU1144
	.loc 1 82 64 is_stmt 0 view .LVU1145
	movq	%r14, %rax
.LBE670:
.LBE669:
	.loc 1 243 13 view .LVU1146
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB672:
.LBB671:
	.loc 1 82 64 view .LVU1147
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1148
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1149
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1150
	addq	%rdx, %rcx
.LBE671:
.LBE672:
	.loc 1 243 13 view .LVU1151
	leaq	.LC13(%rip), %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL315:
	.loc 1 243 13 view .LVU1152
.LBE673:
	.loc 1 235 23 is_stmt 1 view .LVU1153
	jmp	.L189
.LVL316:
	.p2align 4,,10
	.p2align 3
.L183:
	.loc 1 235 23 is_stmt 0 view .LVU1154
.LBE677:
.LBE681:
.LBE708:
.LBB709:
.LBB621:
.LBB616:
.LBB611:
	.loc 1 239 16 is_stmt 1 view .LVU1155
	.loc 1 239 19 is_stmt 0 view .LVU1156
	je	.L186
	.loc 1 239 32 view .LVU1157
	call	__errno_location@PLT
.LVL317:
	.loc 1 239 32 view .LVU1158
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1159
	cmpl	$11, %eax
	je	.L186
	cmpl	$4, %eax
	jne	.L185
.L186:
	.loc 1 242 13 is_stmt 1 view .LVU1160
	.loc 1 242 19 is_stmt 0 view .LVU1161
	movl	4(%rbx), %edi
	call	process_pump.constprop.0.isra.0
.LVL318:
	.loc 1 243 13 is_stmt 1 view .LVU1162
.LBB607:
.LBI607:
	.loc 1 79 24 view .LVU1163
.LBB608:
	.loc 1 80 5 view .LVU1164
	.loc 1 81 5 view .LVU1165
	.loc 1 81 11 is_stmt 0 view .LVU1166
	movq	%r13, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL319:
	.loc 1 82 5 is_stmt 1 view .LVU1167
	.loc 1 82 64 is_stmt 0 view .LVU1168
	movq	%r14, %rax
.LBE608:
.LBE607:
	.loc 1 243 13 view .LVU1169
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB610:
.LBB609:
	.loc 1 82 64 view .LVU1170
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1171
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1172
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1173
	addq	%rdx, %rcx
.LBE609:
.LBE610:
	.loc 1 243 13 view .LVU1174
	leaq	.LC13(%rip), %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL320:
	.loc 1 243 13 view .LVU1175
.LBE611:
	.loc 1 235 23 is_stmt 1 view .LVU1176
	jmp	.L175
.LVL321:
.L241:
	.loc 1 235 23 is_stmt 0 view .LVU1177
.LBE616:
.LBE621:
.LBE709:
	.loc 2 30 1 view .LVU1178
	call	__stack_chk_fail@PLT
.LVL322:
	.cfi_endproc
.LFE67:
	.size	a_request_for_a_connection_is_refused, .-a_request_for_a_connection_is_refused
	.section	.rodata.str1.1
.LC61:
	.string	"undo 1\nundo 1\n"
.LC62:
	.string	"drop sres to broker"
.LC63:
	.string	"this rule can never hit: "
	.section	.rodata.str1.8
	.align 8
.LC64:
	.string	"error: undo: there is no rule of this number"
	.text
	.p2align 4
	.type	a_rule_that_never_hits_is_warned_about, @function
a_rule_that_never_hits_is_warned_about:
.LVL323:
.LFB75:
	.loc 2 122 66 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 122 66 is_stmt 0 view .LVU1180
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB764:
.LBB765:
	.loc 2 5 30 view .LVU1181
	pxor	%xmm0, %xmm0
.LBE765:
.LBE764:
	.loc 2 122 66 view .LVU1182
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
.LBB810:
.LBB805:
.LBB766:
.LBB767:
.LBB768:
.LBB769:
.LBB770:
.LBB771:
.LBB772:
.LBB773:
	.loc 1 135 11 view .LVU1183
	leaq	.LC28(%rip), %rbp
.LBE773:
.LBE772:
.LBE771:
.LBE770:
.LBE769:
.LBE768:
.LBE767:
.LBE766:
.LBE805:
.LBE810:
	.loc 2 122 66 view .LVU1184
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB811:
.LBB806:
	.loc 2 5 30 view .LVU1185
	leaq	.LC35(%rip), %rbx
.LBE806:
.LBE811:
	.loc 2 122 66 view .LVU1186
	subq	$136, %rsp
	.cfi_def_cfa_offset 192
	.loc 2 122 66 view .LVU1187
	movq	%fs:40, %rax
	movq	%rax, 120(%rsp)
	xorl	%eax, %eax
	.loc 2 123 5 is_stmt 1 view .LVU1188
	.loc 2 124 5 view .LVU1189
.LVL324:
.LBB812:
.LBI764:
	.loc 2 4 24 view .LVU1190
.LBB807:
	.loc 2 5 5 view .LVU1191
	.loc 2 5 30 is_stmt 0 view .LVU1192
	movq	process_folder(%rip), %rax
	movaps	%xmm0, 48(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC42(%rip), %rbx
.LBB800:
.LBB795:
.LBB790:
.LBB780:
.LBB781:
	.loc 1 81 11 view .LVU1193
	leaq	16(%rsp), %r14
.LBE781:
.LBE780:
.LBE790:
.LBE795:
.LBE800:
	.loc 2 5 30 view .LVU1194
	movq	$0, 104(%rsp)
	movq	%rax, 32(%rsp)
	leaq	.LC38(%rip), %rax
	movq	%rax, %xmm1
	leaq	.LC50(%rip), %rax
	movq	%rax, %xmm2
	leaq	.LC62(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 96(%rsp)
	leaq	64(%rsp), %rax
	movq	%rax, 40(%rsp)
	leaq	32(%rsp), %rax
	movaps	%xmm0, 64(%rsp)
	movq	%rbx, %xmm0
	movq	%rax, %rdi
.LVL325:
	.loc 2 5 30 view .LVU1195
	leaq	.LC58(%rip), %rbx
	punpcklqdq	%xmm2, %xmm0
	movq	%rax, (%rsp)
	movaps	%xmm0, 80(%rsp)
	call	process_start_with
.LVL326:
.LBB801:
.LBB796:
.LBB791:
.LBB784:
.LBB782:
	.loc 1 81 11 view .LVU1196
	movq	%r14, %rsi
	movl	$1, %edi
.LBE782:
.LBE784:
.LBE791:
.LBE796:
.LBE801:
	.loc 2 5 30 view .LVU1197
	movq	%rax, %r12
.LVL327:
	.loc 2 6 5 is_stmt 1 view .LVU1198
.LBB802:
.LBI766:
	.loc 1 286 20 view .LVU1199
	.loc 1 287 5 view .LVU1200
.LBB797:
.LBI767:
	.loc 1 266 20 view .LVU1201
.LBB792:
	.loc 1 267 5 view .LVU1202
.LBB785:
.LBI780:
	.loc 1 79 24 view .LVU1203
.LBB783:
	.loc 1 80 5 view .LVU1204
	.loc 1 81 5 view .LVU1205
	.loc 1 81 11 is_stmt 0 view .LVU1206
	call	clock_gettime@PLT
.LVL328:
	.loc 1 82 5 is_stmt 1 view .LVU1207
	.loc 1 82 64 is_stmt 0 view .LVU1208
	movabsq	$4835703278458516699, %rax
	mulq	24(%rsp)
	.loc 1 82 33 view .LVU1209
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU1210
	shrq	$18, %rdx
.LBE783:
.LBE785:
	.loc 1 267 14 view .LVU1211
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL329:
	.loc 1 267 14 view .LVU1212
	jmp	.L251
.LVL330:
	.p2align 4,,10
	.p2align 3
.L243:
.LBB786:
	.loc 1 275 9 is_stmt 1 view .LVU1213
	.loc 1 275 12 is_stmt 0 view .LVU1214
	movl	56(%r12), %ecx
	testl	%ecx, %ecx
	js	.L248
.LBB777:
.LBI777:
	.loc 1 79 24 is_stmt 1 view .LVU1215
.LBB778:
	.loc 1 80 5 view .LVU1216
	.loc 1 81 5 view .LVU1217
	.loc 1 81 11 is_stmt 0 view .LVU1218
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL331:
	.loc 1 82 5 is_stmt 1 view .LVU1219
	.loc 1 82 64 is_stmt 0 view .LVU1220
	movabsq	$4835703278458516699, %rax
	mulq	24(%rsp)
	.loc 1 82 33 view .LVU1221
	imulq	$1000, 16(%rsp), %rcx
	.loc 1 82 64 view .LVU1222
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1223
	addq	%rdx, %rcx
.LBE778:
.LBE777:
	.loc 1 275 28 view .LVU1224
	cmpq	%rcx, 8(%rsp)
	jnb	.L249
.L248:
	.loc 1 276 13 is_stmt 1 view .LVU1225
.LVL332:
.LBB779:
.LBI770:
	.loc 1 259 20 view .LVU1226
.LBB776:
	.loc 1 260 5 view .LVU1227
	.loc 1 260 11 is_stmt 0 view .LVU1228
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL333:
	.loc 1 261 5 is_stmt 1 view .LVU1229
.LBB775:
.LBI772:
	.loc 1 134 20 view .LVU1230
.LBB774:
	.loc 1 135 5 view .LVU1231
	.loc 1 135 11 is_stmt 0 view .LVU1232
	cmpq	$0, 72(%r12)
	movq	%rbp, %r9
	je	.L247
	movq	64(%r12), %r9
.L247:
	.loc 1 135 11 view .LVU1233
	cmpq	$0, 24(%r12)
	movq	%rbp, %r8
	je	.L250
	movq	16(%r12), %r8
.L250:
	movq	stderr(%rip), %rdi
	movl	(%r12), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r12), %rdx
	call	fprintf@PLT
.LVL334:
	.loc 1 135 11 view .LVU1234
.LBE774:
.LBE775:
	.loc 1 262 5 is_stmt 1 view .LVU1235
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL335:
.L249:
	.loc 1 262 5 is_stmt 0 view .LVU1236
.LBE776:
.LBE779:
	.loc 1 278 9 is_stmt 1 view .LVU1237
	.loc 1 278 15 is_stmt 0 view .LVU1238
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL336:
.LBE786:
	.loc 1 268 5 is_stmt 1 view .LVU1239
.L251:
	.loc 1 268 5 view .LVU1240
.LBB787:
	.loc 1 269 9 view .LVU1241
	.loc 1 269 76 is_stmt 0 view .LVU1242
	cmpq	$0, 72(%r12)
	je	.L243
	.loc 1 269 69 view .LVU1243
	movq	88(%r12), %r13
	.loc 1 269 76 view .LVU1244
	movq	64(%r12), %r15
	.loc 1 270 29 view .LVU1245
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1246
	addq	%r13, %r15
.LVL337:
	.loc 1 270 9 is_stmt 1 view .LVU1247
	.loc 1 270 29 is_stmt 0 view .LVU1248
	movq	%r15, %rdi
	call	strstr@PLT
.LVL338:
	.loc 1 271 9 is_stmt 1 view .LVU1249
	.loc 1 271 12 is_stmt 0 view .LVU1250
	testq	%rax, %rax
	je	.L243
	.loc 1 272 13 is_stmt 1 view .LVU1251
	.loc 1 272 44 is_stmt 0 view .LVU1252
	movq	%r15, %rbx
.LBE787:
.LBE792:
.LBE797:
.LBE802:
.LBE807:
.LBE812:
.LBB813:
.LBB814:
.LBB815:
.LBB816:
.LBB817:
	.loc 1 81 11 view .LVU1253
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE817:
.LBE816:
.LBB820:
.LBB821:
.LBB822:
.LBB823:
.LBB824:
	.loc 1 135 11 view .LVU1254
	leaq	.LC28(%rip), %rbp
.LBE824:
.LBE823:
.LBE822:
.LBE821:
.LBE820:
.LBE815:
.LBE814:
.LBE813:
.LBB845:
.LBB808:
.LBB803:
.LBB798:
.LBB793:
.LBB788:
	.loc 1 272 44 view .LVU1255
	subq	%rbx, %rax
.LVL339:
	.loc 1 272 44 view .LVU1256
	leaq	.LC63(%rip), %rbx
	.loc 1 272 26 view .LVU1257
	leaq	14(%r13,%rax), %rax
.LBE788:
.LBE793:
.LBE798:
.LBE803:
.LBE808:
.LBE845:
.LBB846:
.LBB841:
.LBB837:
.LBB831:
.LBB818:
	.loc 1 82 64 view .LVU1258
	movabsq	$4835703278458516699, %r13
.LBE818:
.LBE831:
.LBE837:
.LBE841:
.LBE846:
.LBB847:
.LBB809:
.LBB804:
.LBB799:
.LBB794:
.LBB789:
	.loc 1 272 26 view .LVU1259
	movq	%rax, 88(%r12)
	.loc 1 273 13 is_stmt 1 view .LVU1260
.LVL340:
	.loc 1 273 13 is_stmt 0 view .LVU1261
.LBE789:
.LBE794:
.LBE799:
.LBE804:
	.loc 2 7 5 is_stmt 1 view .LVU1262
	.loc 2 7 5 is_stmt 0 view .LVU1263
.LBE809:
.LBE847:
	.loc 2 125 5 is_stmt 1 view .LVU1264
.LBB848:
.LBI813:
	.loc 1 286 20 view .LVU1265
	.loc 1 287 5 view .LVU1266
.LBB842:
.LBI814:
	.loc 1 266 20 view .LVU1267
.LBB838:
	.loc 1 267 5 view .LVU1268
.LBB832:
.LBI816:
	.loc 1 79 24 view .LVU1269
.LBB819:
	.loc 1 80 5 view .LVU1270
	.loc 1 81 5 view .LVU1271
	.loc 1 81 11 is_stmt 0 view .LVU1272
	call	clock_gettime@PLT
.LVL341:
	.loc 1 82 5 is_stmt 1 view .LVU1273
	.loc 1 82 64 is_stmt 0 view .LVU1274
	movq	%r13, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU1275
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU1276
	shrq	$18, %rdx
.LBE819:
.LBE832:
	.loc 1 267 14 view .LVU1277
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL342:
	.loc 1 267 14 view .LVU1278
	jmp	.L244
.LVL343:
	.p2align 4,,10
	.p2align 3
.L252:
.LBB833:
	.loc 1 275 9 is_stmt 1 view .LVU1279
	.loc 1 275 12 is_stmt 0 view .LVU1280
	movl	56(%r12), %edx
	testl	%edx, %edx
	js	.L257
.LBB828:
.LBI828:
	.loc 1 79 24 is_stmt 1 view .LVU1281
.LBB829:
	.loc 1 80 5 view .LVU1282
	.loc 1 81 5 view .LVU1283
	.loc 1 81 11 is_stmt 0 view .LVU1284
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL344:
	.loc 1 82 5 is_stmt 1 view .LVU1285
	.loc 1 82 64 is_stmt 0 view .LVU1286
	movq	%r13, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU1287
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU1288
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1289
	addq	%rdx, %rcx
.LBE829:
.LBE828:
	.loc 1 275 28 view .LVU1290
	cmpq	%rcx, 8(%rsp)
	jnb	.L258
.L257:
	.loc 1 276 13 is_stmt 1 view .LVU1291
.LVL345:
.LBB830:
.LBI821:
	.loc 1 259 20 view .LVU1292
.LBB827:
	.loc 1 260 5 view .LVU1293
	.loc 1 260 11 is_stmt 0 view .LVU1294
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL346:
	.loc 1 261 5 is_stmt 1 view .LVU1295
.LBB826:
.LBI823:
	.loc 1 134 20 view .LVU1296
.LBB825:
	.loc 1 135 5 view .LVU1297
	.loc 1 135 11 is_stmt 0 view .LVU1298
	cmpq	$0, 72(%r12)
	movq	%rbp, %r9
	je	.L256
	movq	64(%r12), %r9
.L256:
	.loc 1 135 11 view .LVU1299
	cmpq	$0, 24(%r12)
	movq	%rbp, %r8
	je	.L259
	movq	16(%r12), %r8
.L259:
	movq	stderr(%rip), %rdi
	movl	(%r12), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r12), %rdx
	call	fprintf@PLT
.LVL347:
	.loc 1 135 11 view .LVU1300
.LBE825:
.LBE826:
	.loc 1 262 5 is_stmt 1 view .LVU1301
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL348:
.L258:
	.loc 1 262 5 is_stmt 0 view .LVU1302
.LBE827:
.LBE830:
	.loc 1 278 9 is_stmt 1 view .LVU1303
	.loc 1 278 15 is_stmt 0 view .LVU1304
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL349:
.LBE833:
	.loc 1 268 5 is_stmt 1 view .LVU1305
.L244:
	.loc 1 268 5 view .LVU1306
.LBB834:
	.loc 1 269 9 view .LVU1307
	.loc 1 269 76 is_stmt 0 view .LVU1308
	cmpq	$0, 72(%r12)
	je	.L252
	.loc 1 269 69 view .LVU1309
	movq	88(%r12), %r14
	.loc 1 269 76 view .LVU1310
	movq	64(%r12), %r15
	.loc 1 270 29 view .LVU1311
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1312
	addq	%r14, %r15
.LVL350:
	.loc 1 270 9 is_stmt 1 view .LVU1313
	.loc 1 270 29 is_stmt 0 view .LVU1314
	movq	%r15, %rdi
	call	strstr@PLT
.LVL351:
	.loc 1 271 9 is_stmt 1 view .LVU1315
	.loc 1 271 12 is_stmt 0 view .LVU1316
	testq	%rax, %rax
	je	.L252
	.loc 1 272 13 is_stmt 1 view .LVU1317
	.loc 1 272 44 is_stmt 0 view .LVU1318
	subq	%r15, %rax
.LVL352:
	.loc 1 272 44 view .LVU1319
.LBE834:
.LBE838:
.LBE842:
.LBE848:
.LBB849:
.LBB850:
.LBB851:
.LBB852:
.LBB853:
	.loc 1 81 11 view .LVU1320
	movq	(%rsp), %rsi
	movl	$1, %edi
	.loc 1 82 64 view .LVU1321
	movabsq	$4835703278458516699, %r13
.LBE853:
.LBE852:
.LBE851:
.LBE850:
.LBE849:
.LBB871:
.LBB843:
.LBB839:
.LBB835:
	.loc 1 272 26 view .LVU1322
	leaq	25(%r14,%rax), %rax
.LBE835:
.LBE839:
.LBE843:
.LBE871:
.LBB872:
.LBB868:
.LBB865:
	.loc 1 234 14 view .LVU1323
	movl	$14, %ebx
	leaq	.LC61(%rip), %rbp
.LBE865:
.LBE868:
.LBE872:
.LBB873:
.LBB844:
.LBB840:
.LBB836:
	.loc 1 272 26 view .LVU1324
	movq	%rax, 88(%r12)
	.loc 1 273 13 is_stmt 1 view .LVU1325
.LVL353:
	.loc 1 273 13 is_stmt 0 view .LVU1326
.LBE836:
.LBE840:
.LBE844:
.LBE873:
	.loc 2 126 5 is_stmt 1 view .LVU1327
.LBB874:
.LBI849:
	.loc 1 248 20 view .LVU1328
	.loc 1 249 5 view .LVU1329
.LBB869:
.LBI850:
	.loc 1 233 20 view .LVU1330
.LBB866:
	.loc 1 234 5 view .LVU1331
.LBB856:
.LBI852:
	.loc 1 79 24 view .LVU1332
.LBB854:
	.loc 1 80 5 view .LVU1333
	.loc 1 81 5 view .LVU1334
.LBE854:
.LBE856:
.LBB857:
	.loc 1 243 13 is_stmt 0 view .LVU1335
	leaq	.LC13(%rip), %r14
.LBE857:
.LBB862:
.LBB855:
	.loc 1 81 11 view .LVU1336
	call	clock_gettime@PLT
.LVL354:
	.loc 1 82 5 is_stmt 1 view .LVU1337
	.loc 1 82 64 is_stmt 0 view .LVU1338
	movq	%r13, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU1339
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU1340
	shrq	$18, %rdx
.LBE855:
.LBE862:
	.loc 1 234 14 view .LVU1341
	leaq	120000(%rcx,%rdx), %r15
.LVL355:
	.loc 1 235 5 is_stmt 1 view .LVU1342
	.loc 1 235 23 view .LVU1343
	.p2align 4,,10
	.p2align 3
.L253:
.LBB863:
	.loc 1 236 9 view .LVU1344
	.loc 1 236 24 is_stmt 0 view .LVU1345
	movl	4(%r12), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL356:
	.loc 1 237 9 is_stmt 1 view .LVU1346
	.loc 1 237 12 is_stmt 0 view .LVU1347
	testq	%rax, %rax
	jle	.L260
	.loc 1 238 13 is_stmt 1 view .LVU1348
	.loc 1 238 43 is_stmt 0 view .LVU1349
	addq	%rax, %rbp
.LVL357:
	.loc 1 238 43 view .LVU1350
.LBE863:
	.loc 1 235 23 is_stmt 1 view .LVU1351
	subq	%rax, %rbx
.LVL358:
	.loc 1 235 23 is_stmt 0 view .LVU1352
	jne	.L253
.LVL359:
.L262:
	.loc 1 235 23 view .LVU1353
.LBE866:
.LBE869:
.LBE874:
	.loc 2 127 5 is_stmt 1 view .LVU1354
.LBB875:
.LBI875:
	.loc 1 286 20 view .LVU1355
	.loc 1 287 5 view .LVU1356
.LBB876:
.LBI876:
	.loc 1 266 20 view .LVU1357
.LBB877:
	.loc 1 267 5 view .LVU1358
.LBB878:
.LBI878:
	.loc 1 79 24 view .LVU1359
.LBB879:
	.loc 1 80 5 view .LVU1360
	.loc 1 81 5 view .LVU1361
	.loc 1 81 11 is_stmt 0 view .LVU1362
	movq	(%rsp), %rsi
	movl	$1, %edi
	.loc 1 82 64 view .LVU1363
	movabsq	$4835703278458516699, %r13
	leaq	.LC64(%rip), %rbx
.LBE879:
.LBE878:
.LBB881:
.LBB882:
.LBB883:
.LBB884:
.LBB885:
	.loc 1 135 11 view .LVU1364
	leaq	.LC28(%rip), %rbp
.LBE885:
.LBE884:
.LBE883:
.LBE882:
.LBE881:
.LBB892:
.LBB880:
	.loc 1 81 11 view .LVU1365
	call	clock_gettime@PLT
.LVL360:
	.loc 1 82 5 is_stmt 1 view .LVU1366
	.loc 1 82 64 is_stmt 0 view .LVU1367
	movq	%r13, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU1368
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU1369
	shrq	$18, %rdx
.LBE880:
.LBE892:
	.loc 1 267 14 view .LVU1370
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL361:
	.loc 1 267 14 view .LVU1371
	jmp	.L264
.LVL362:
	.p2align 4,,10
	.p2align 3
.L265:
.LBB893:
	.loc 1 275 9 is_stmt 1 view .LVU1372
	.loc 1 275 12 is_stmt 0 view .LVU1373
	movl	56(%r12), %eax
	testl	%eax, %eax
	js	.L269
.LBB889:
.LBI889:
	.loc 1 79 24 is_stmt 1 view .LVU1374
.LBB890:
	.loc 1 80 5 view .LVU1375
	.loc 1 81 5 view .LVU1376
	.loc 1 81 11 is_stmt 0 view .LVU1377
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL363:
	.loc 1 82 5 is_stmt 1 view .LVU1378
	.loc 1 82 64 is_stmt 0 view .LVU1379
	movq	%r13, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU1380
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU1381
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1382
	addq	%rdx, %rcx
.LBE890:
.LBE889:
	.loc 1 275 28 view .LVU1383
	cmpq	%rcx, 8(%rsp)
	jnb	.L270
.L269:
	.loc 1 276 13 is_stmt 1 view .LVU1384
.LVL364:
.LBB891:
.LBI882:
	.loc 1 259 20 view .LVU1385
.LBB888:
	.loc 1 260 5 view .LVU1386
	.loc 1 260 11 is_stmt 0 view .LVU1387
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL365:
	.loc 1 261 5 is_stmt 1 view .LVU1388
.LBB887:
.LBI884:
	.loc 1 134 20 view .LVU1389
.LBB886:
	.loc 1 135 5 view .LVU1390
	.loc 1 135 11 is_stmt 0 view .LVU1391
	cmpq	$0, 72(%r12)
	movq	%rbp, %r9
	je	.L268
	movq	64(%r12), %r9
.L268:
	.loc 1 135 11 view .LVU1392
	cmpq	$0, 24(%r12)
	movq	%rbp, %r8
	je	.L271
	movq	16(%r12), %r8
.L271:
	movq	stderr(%rip), %rdi
	movl	(%r12), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r12), %rdx
	call	fprintf@PLT
.LVL366:
	.loc 1 135 11 view .LVU1393
.LBE886:
.LBE887:
	.loc 1 262 5 is_stmt 1 view .LVU1394
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL367:
.L270:
	.loc 1 262 5 is_stmt 0 view .LVU1395
.LBE888:
.LBE891:
	.loc 1 278 9 is_stmt 1 view .LVU1396
	.loc 1 278 15 is_stmt 0 view .LVU1397
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL368:
.LBE893:
	.loc 1 268 5 is_stmt 1 view .LVU1398
.L264:
	.loc 1 268 5 view .LVU1399
.LBB894:
	.loc 1 269 9 view .LVU1400
	.loc 1 269 76 is_stmt 0 view .LVU1401
	cmpq	$0, 72(%r12)
	je	.L265
	.loc 1 269 69 view .LVU1402
	movq	88(%r12), %r14
	.loc 1 269 76 view .LVU1403
	movq	64(%r12), %r15
	.loc 1 270 29 view .LVU1404
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1405
	addq	%r14, %r15
.LVL369:
	.loc 1 270 9 is_stmt 1 view .LVU1406
	.loc 1 270 29 is_stmt 0 view .LVU1407
	movq	%r15, %rdi
	call	strstr@PLT
.LVL370:
	.loc 1 271 9 is_stmt 1 view .LVU1408
	.loc 1 271 12 is_stmt 0 view .LVU1409
	testq	%rax, %rax
	je	.L265
	.loc 1 272 13 is_stmt 1 view .LVU1410
	.loc 1 272 44 is_stmt 0 view .LVU1411
	subq	%r15, %rax
.LVL371:
	.loc 1 272 26 view .LVU1412
	leaq	44(%r14,%rax), %rax
	movq	%rax, 88(%r12)
	.loc 1 273 13 is_stmt 1 view .LVU1413
.LVL372:
	.loc 1 273 13 is_stmt 0 view .LVU1414
.LBE894:
.LBE877:
.LBE876:
.LBE875:
	.loc 2 128 1 view .LVU1415
	movq	120(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L296
	addq	$136, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
.LVL373:
	.loc 2 128 1 view .LVU1416
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL374:
	.loc 2 128 1 view .LVU1417
	ret
.LVL375:
	.p2align 4,,10
	.p2align 3
.L260:
	.cfi_restore_state
.LBB895:
.LBB870:
.LBB867:
.LBB864:
	.loc 1 239 16 is_stmt 1 view .LVU1418
	.loc 1 239 19 is_stmt 0 view .LVU1419
	je	.L263
	.loc 1 239 32 view .LVU1420
	call	__errno_location@PLT
.LVL376:
	.loc 1 239 32 view .LVU1421
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1422
	cmpl	$4, %eax
	je	.L263
	cmpl	$11, %eax
	jne	.L262
.L263:
	.loc 1 242 13 is_stmt 1 view .LVU1423
	.loc 1 242 19 is_stmt 0 view .LVU1424
	movl	4(%r12), %edi
	call	process_pump.constprop.0.isra.0
.LVL377:
	.loc 1 243 13 is_stmt 1 view .LVU1425
.LBB858:
.LBI858:
	.loc 1 79 24 view .LVU1426
.LBB859:
	.loc 1 80 5 view .LVU1427
	.loc 1 81 5 view .LVU1428
	.loc 1 81 11 is_stmt 0 view .LVU1429
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL378:
	.loc 1 82 5 is_stmt 1 view .LVU1430
	.loc 1 82 64 is_stmt 0 view .LVU1431
	movq	%r13, %rax
.LBE859:
.LBE858:
	.loc 1 243 13 view .LVU1432
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB861:
.LBB860:
	.loc 1 82 64 view .LVU1433
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU1434
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU1435
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1436
	addq	%rdx, %rcx
.LBE860:
.LBE861:
	.loc 1 243 13 view .LVU1437
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL379:
	.loc 1 243 13 view .LVU1438
.LBE864:
	.loc 1 235 23 is_stmt 1 view .LVU1439
	jmp	.L253
.LVL380:
.L296:
	.loc 1 235 23 is_stmt 0 view .LVU1440
.LBE867:
.LBE870:
.LBE895:
	.loc 2 128 1 view .LVU1441
	call	__stack_chk_fail@PLT
.LVL381:
	.cfi_endproc
.LFE75:
	.size	a_rule_that_never_hits_is_warned_about, .-a_rule_that_never_hits_is_warned_about
	.section	.rodata.str1.1
.LC65:
	.string	"--stay"
.LC66:
	.string	"conn; publ a 1; publ a 2"
.LC67:
	.string	"cut after publ 2 from 580"
.LC68:
	.string	"580 published a 2"
.LC69:
	.string	"connection with 580 ended"
.LC70:
	.string	"connection with 83 ended"
	.text
	.p2align 4
	.type	a_cut_ends_the_connection_on_both_sides, @function
a_cut_ends_the_connection_on_both_sides:
.LVL382:
.LFB71:
	.loc 2 71 67 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 71 67 is_stmt 0 view .LVU1443
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB950:
.LBB951:
	.loc 2 5 30 view .LVU1444
	pxor	%xmm0, %xmm0
.LBE951:
.LBE950:
	.loc 2 71 67 view .LVU1445
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
.LBB998:
.LBB991:
.LBB952:
.LBB953:
.LBB954:
.LBB955:
.LBB956:
	.loc 1 82 64 view .LVU1446
	movabsq	$4835703278458516699, %r12
.LBE956:
.LBE955:
.LBE954:
.LBE953:
.LBE952:
.LBE991:
.LBE998:
	.loc 2 71 67 view .LVU1447
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
.LBB999:
.LBB992:
.LBB986:
.LBB981:
.LBB976:
.LBB959:
.LBB960:
.LBB961:
.LBB962:
.LBB963:
	.loc 1 135 11 view .LVU1448
	leaq	.LC28(%rip), %rbp
.LBE963:
.LBE962:
.LBE961:
.LBE960:
.LBE959:
.LBE976:
.LBE981:
.LBE986:
.LBE992:
.LBE999:
	.loc 2 71 67 view .LVU1449
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB1000:
.LBB993:
	.loc 2 5 30 view .LVU1450
	leaq	.LC42(%rip), %rbx
.LBE993:
.LBE1000:
	.loc 2 71 67 view .LVU1451
	subq	$168, %rsp
	.cfi_def_cfa_offset 224
	movq	%fs:40, %rax
	movq	%rax, 152(%rsp)
	leaq	.LC38(%rip), %rax
.LBB1001:
.LBB994:
	.loc 2 5 30 view .LVU1452
	movaps	%xmm0, 80(%rsp)
	movq	$0, 136(%rsp)
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm2
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm1, %xmm2
	movq	%rax, 64(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC50(%rip), %rax
	movaps	%xmm2, 16(%rsp)
.LBE994:
.LBE1001:
	.loc 2 72 5 is_stmt 1 view .LVU1453
	.loc 2 73 5 view .LVU1454
.LVL383:
.LBB1002:
.LBI950:
	.loc 2 4 24 view .LVU1455
.LBB995:
	.loc 2 5 5 view .LVU1456
	.loc 2 5 30 is_stmt 0 view .LVU1457
	movq	%rax, %xmm3
	leaq	.LC67(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 128(%rsp)
	leaq	96(%rsp), %rax
	movq	%rax, 40(%rsp)
	movq	%rax, 72(%rsp)
	leaq	64(%rsp), %rax
	movaps	%xmm0, 96(%rsp)
	movq	%rbx, %xmm0
	movq	%rax, %rdi
.LVL384:
	.loc 2 5 30 view .LVU1458
	leaq	.LC58(%rip), %rbx
	punpcklqdq	%xmm3, %xmm0
	movq	%rax, 32(%rsp)
	movaps	%xmm0, 112(%rsp)
	call	process_start_with
.LVL385:
.LBB987:
.LBB982:
.LBB977:
.LBB970:
.LBB957:
	.loc 1 81 11 view .LVU1459
	leaq	48(%rsp), %rsi
	movl	$1, %edi
	movq	%rsi, (%rsp)
.LBE957:
.LBE970:
.LBE977:
.LBE982:
.LBE987:
	.loc 2 5 30 view .LVU1460
	movq	%rax, %r15
.LVL386:
	.loc 2 6 5 is_stmt 1 view .LVU1461
.LBB988:
.LBI952:
	.loc 1 286 20 view .LVU1462
	.loc 1 287 5 view .LVU1463
.LBB983:
.LBI953:
	.loc 1 266 20 view .LVU1464
.LBB978:
	.loc 1 267 5 view .LVU1465
.LBB971:
.LBI955:
	.loc 1 79 24 view .LVU1466
.LBB958:
	.loc 1 80 5 view .LVU1467
	.loc 1 81 5 view .LVU1468
	.loc 1 81 11 is_stmt 0 view .LVU1469
	call	clock_gettime@PLT
.LVL387:
	.loc 1 82 5 is_stmt 1 view .LVU1470
	.loc 1 82 64 is_stmt 0 view .LVU1471
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1472
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1473
	shrq	$18, %rdx
.LBE958:
.LBE971:
	.loc 1 267 14 view .LVU1474
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL388:
	.loc 1 267 14 view .LVU1475
	jmp	.L306
.LVL389:
	.p2align 4,,10
	.p2align 3
.L298:
.LBB972:
	.loc 1 275 9 is_stmt 1 view .LVU1476
	.loc 1 275 12 is_stmt 0 view .LVU1477
	movl	56(%r15), %esi
	testl	%esi, %esi
	js	.L303
.LBB967:
.LBI967:
	.loc 1 79 24 is_stmt 1 view .LVU1478
.LBB968:
	.loc 1 80 5 view .LVU1479
	.loc 1 81 5 view .LVU1480
	.loc 1 81 11 is_stmt 0 view .LVU1481
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL390:
	.loc 1 82 5 is_stmt 1 view .LVU1482
	.loc 1 82 64 is_stmt 0 view .LVU1483
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1484
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1485
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1486
	addq	%rdx, %rcx
.LBE968:
.LBE967:
	.loc 1 275 28 view .LVU1487
	cmpq	%rcx, 8(%rsp)
	jnb	.L304
.L303:
	.loc 1 276 13 is_stmt 1 view .LVU1488
.LVL391:
.LBB969:
.LBI960:
	.loc 1 259 20 view .LVU1489
.LBB966:
	.loc 1 260 5 view .LVU1490
	.loc 1 260 11 is_stmt 0 view .LVU1491
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL392:
	.loc 1 261 5 is_stmt 1 view .LVU1492
.LBB965:
.LBI962:
	.loc 1 134 20 view .LVU1493
.LBB964:
	.loc 1 135 5 view .LVU1494
	.loc 1 135 11 is_stmt 0 view .LVU1495
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L302
	movq	64(%r15), %r9
.L302:
	.loc 1 135 11 view .LVU1496
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L305
	movq	16(%r15), %r8
.L305:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL393:
	.loc 1 135 11 view .LVU1497
.LBE964:
.LBE965:
	.loc 1 262 5 is_stmt 1 view .LVU1498
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL394:
.L304:
	.loc 1 262 5 is_stmt 0 view .LVU1499
.LBE966:
.LBE969:
	.loc 1 278 9 is_stmt 1 view .LVU1500
	.loc 1 278 15 is_stmt 0 view .LVU1501
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL395:
.LBE972:
	.loc 1 268 5 is_stmt 1 view .LVU1502
.L306:
	.loc 1 268 5 view .LVU1503
.LBB973:
	.loc 1 269 9 view .LVU1504
	.loc 1 269 76 is_stmt 0 view .LVU1505
	cmpq	$0, 72(%r15)
	je	.L298
	.loc 1 269 69 view .LVU1506
	movq	88(%r15), %r13
	.loc 1 269 76 view .LVU1507
	movq	64(%r15), %r14
	.loc 1 270 29 view .LVU1508
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1509
	addq	%r13, %r14
.LVL396:
	.loc 1 270 9 is_stmt 1 view .LVU1510
	.loc 1 270 29 is_stmt 0 view .LVU1511
	movq	%r14, %rdi
	call	strstr@PLT
.LVL397:
	.loc 1 271 9 is_stmt 1 view .LVU1512
	.loc 1 271 12 is_stmt 0 view .LVU1513
	testq	%rax, %rax
	je	.L298
	.loc 1 272 13 is_stmt 1 view .LVU1514
	.loc 1 272 44 is_stmt 0 view .LVU1515
	subq	%r14, %rax
.LVL398:
	.loc 1 272 44 view .LVU1516
.LBE973:
.LBE978:
.LBE983:
.LBE988:
.LBE995:
.LBE1002:
	.loc 2 75 9 view .LVU1517
	pxor	%xmm0, %xmm0
	movq	32(%rsp), %rdi
	leaq	.LC40(%rip), %rbx
.LBB1003:
.LBB996:
.LBB989:
.LBB984:
.LBB979:
.LBB974:
	.loc 1 272 26 view .LVU1518
	leaq	14(%r13,%rax), %rax
.LBE974:
.LBE979:
.LBE984:
.LBE989:
.LBE996:
.LBE1003:
	.loc 2 75 9 view .LVU1519
	movaps	%xmm0, 80(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC41(%rip), %rbx
.LBB1004:
.LBB997:
.LBB990:
.LBB985:
.LBB980:
.LBB975:
	.loc 1 272 26 view .LVU1520
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1521
.LVL399:
	.loc 1 273 13 is_stmt 0 view .LVU1522
.LBE975:
.LBE980:
.LBE985:
.LBE990:
	.loc 2 7 5 is_stmt 1 view .LVU1523
	.loc 2 7 5 is_stmt 0 view .LVU1524
.LBE997:
.LBE1004:
	.loc 2 74 5 is_stmt 1 view .LVU1525
	.loc 2 75 9 is_stmt 0 view .LVU1526
	movq	process_folder(%rip), %rax
.LBB1005:
.LBB1006:
.LBB1007:
.LBB1008:
.LBB1009:
.LBB1010:
.LBB1011:
.LBB1012:
	.loc 1 135 11 view .LVU1527
	leaq	.LC28(%rip), %rbp
.LBE1012:
.LBE1011:
.LBE1010:
.LBE1009:
.LBE1008:
.LBE1007:
.LBE1006:
.LBE1005:
	.loc 2 75 9 view .LVU1528
	movdqa	16(%rsp), %xmm4
	movq	$0, 144(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC65(%rip), %rax
	movq	%rax, %xmm5
	leaq	.LC66(%rip), %rax
	movaps	%xmm4, 96(%rsp)
	punpcklqdq	%xmm5, %xmm0
	movq	%rax, %xmm6
	movq	40(%rsp), %rax
	movaps	%xmm0, 112(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC68(%rip), %rbx
	punpcklqdq	%xmm6, %xmm0
	movq	%rax, 72(%rsp)
	movaps	%xmm0, 128(%rsp)
	call	process_start_with
.LVL400:
.LBB1035:
.LBB1031:
.LBB1027:
.LBB1019:
.LBB1020:
	.loc 1 81 11 view .LVU1529
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1020:
.LBE1019:
.LBE1027:
.LBE1031:
.LBE1035:
	.loc 2 75 9 view .LVU1530
	movq	%rax, %r13
.LVL401:
	.loc 2 76 5 is_stmt 1 view .LVU1531
.LBB1036:
.LBI1005:
	.loc 1 282 20 view .LVU1532
	.loc 1 283 5 view .LVU1533
.LBB1032:
.LBI1006:
	.loc 1 266 20 view .LVU1534
.LBB1028:
	.loc 1 267 5 view .LVU1535
.LBB1022:
.LBI1019:
	.loc 1 79 24 view .LVU1536
.LBB1021:
	.loc 1 80 5 view .LVU1537
	.loc 1 81 5 view .LVU1538
	.loc 1 81 11 is_stmt 0 view .LVU1539
	call	clock_gettime@PLT
.LVL402:
	.loc 1 82 5 is_stmt 1 view .LVU1540
	movq	%r13, 8(%rsp)
	movq	%r15, %r13
.LVL403:
	.loc 1 82 64 is_stmt 0 view .LVU1541
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1542
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1543
	shrq	$18, %rdx
.LBE1021:
.LBE1022:
	.loc 1 267 14 view .LVU1544
	leaq	120000(%rcx,%rdx), %r14
.LVL404:
	.loc 1 267 14 view .LVU1545
	jmp	.L299
.LVL405:
	.p2align 4,,10
	.p2align 3
.L307:
.LBB1023:
	.loc 1 275 9 is_stmt 1 view .LVU1546
	.loc 1 275 12 is_stmt 0 view .LVU1547
	movl	8(%r13), %ecx
	testl	%ecx, %ecx
	js	.L312
.LBB1016:
.LBI1016:
	.loc 1 79 24 is_stmt 1 view .LVU1548
.LBB1017:
	.loc 1 80 5 view .LVU1549
	.loc 1 81 5 view .LVU1550
	.loc 1 81 11 is_stmt 0 view .LVU1551
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL406:
	.loc 1 82 5 is_stmt 1 view .LVU1552
	.loc 1 82 64 is_stmt 0 view .LVU1553
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1554
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1555
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1556
	addq	%rdx, %rcx
.LBE1017:
.LBE1016:
	.loc 1 275 28 view .LVU1557
	cmpq	%rcx, %r14
	jnb	.L313
.L312:
	.loc 1 276 13 is_stmt 1 view .LVU1558
.LVL407:
.LBB1018:
.LBI1009:
	.loc 1 259 20 view .LVU1559
.LBB1015:
	.loc 1 260 5 view .LVU1560
	.loc 1 260 11 is_stmt 0 view .LVU1561
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL408:
	.loc 1 261 5 is_stmt 1 view .LVU1562
.LBB1014:
.LBI1011:
	.loc 1 134 20 view .LVU1563
.LBB1013:
	.loc 1 135 5 view .LVU1564
	.loc 1 135 11 is_stmt 0 view .LVU1565
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L311
	movq	64(%r13), %r9
.L311:
	.loc 1 135 11 view .LVU1566
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L314
	movq	16(%r13), %r8
.L314:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL409:
	.loc 1 135 11 view .LVU1567
.LBE1013:
.LBE1014:
	.loc 1 262 5 is_stmt 1 view .LVU1568
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL410:
.L313:
	.loc 1 262 5 is_stmt 0 view .LVU1569
.LBE1015:
.LBE1018:
	.loc 1 278 9 is_stmt 1 view .LVU1570
	.loc 1 278 15 is_stmt 0 view .LVU1571
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL411:
.LBE1023:
	.loc 1 268 5 is_stmt 1 view .LVU1572
.L299:
	.loc 1 268 5 view .LVU1573
.LBB1024:
	.loc 1 269 9 view .LVU1574
	.loc 1 269 76 is_stmt 0 view .LVU1575
	cmpq	$0, 24(%r13)
	je	.L307
	.loc 1 269 69 view .LVU1576
	movq	40(%r13), %r15
	.loc 1 269 76 view .LVU1577
	movq	16(%r13), %r12
	.loc 1 270 29 view .LVU1578
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1579
	addq	%r15, %r12
.LVL412:
	.loc 1 270 9 is_stmt 1 view .LVU1580
	.loc 1 270 29 is_stmt 0 view .LVU1581
	movq	%r12, %rdi
	call	strstr@PLT
.LVL413:
	.loc 1 271 9 is_stmt 1 view .LVU1582
	.loc 1 271 12 is_stmt 0 view .LVU1583
	testq	%rax, %rax
	je	.L307
	.loc 1 272 44 view .LVU1584
	movq	%r15, %r14
.LVL414:
	.loc 1 272 44 view .LVU1585
	subq	%r12, %rax
.LVL415:
	.loc 1 272 44 view .LVU1586
	movq	%r13, %r15
.LBE1024:
.LBE1028:
.LBE1032:
.LBE1036:
.LBB1037:
.LBB1038:
.LBB1039:
.LBB1040:
.LBB1041:
	.loc 1 81 11 view .LVU1587
	movq	(%rsp), %rsi
.LBE1041:
.LBE1040:
.LBE1039:
.LBE1038:
.LBE1037:
.LBB1071:
.LBB1033:
.LBB1029:
.LBB1025:
	.loc 1 272 26 view .LVU1588
	leaq	17(%r14,%rax), %rax
.LBE1025:
.LBE1029:
.LBE1033:
.LBE1071:
.LBB1072:
.LBB1067:
.LBB1063:
.LBB1045:
.LBB1042:
	.loc 1 81 11 view .LVU1589
	movl	$1, %edi
.LBE1042:
.LBE1045:
.LBE1063:
.LBE1067:
.LBE1072:
.LBB1073:
.LBB1034:
.LBB1030:
.LBB1026:
	.loc 1 272 44 view .LVU1590
	movq	8(%rsp), %r13
.LVL416:
	.loc 1 272 13 is_stmt 1 view .LVU1591
	leaq	.LC69(%rip), %rbx
	.loc 1 272 26 is_stmt 0 view .LVU1592
	movq	%rax, 40(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1593
.LVL417:
	.loc 1 273 13 is_stmt 0 view .LVU1594
.LBE1026:
.LBE1030:
.LBE1034:
.LBE1073:
	.loc 2 77 5 is_stmt 1 view .LVU1595
.LBB1074:
.LBI1037:
	.loc 1 286 20 view .LVU1596
	.loc 1 287 5 view .LVU1597
.LBB1068:
.LBI1038:
	.loc 1 266 20 view .LVU1598
.LBB1064:
	.loc 1 267 5 view .LVU1599
.LBB1046:
.LBI1040:
	.loc 1 79 24 view .LVU1600
.LBB1043:
	.loc 1 80 5 view .LVU1601
	.loc 1 81 5 view .LVU1602
.LBE1043:
.LBE1046:
.LBB1047:
.LBB1048:
.LBB1049:
.LBB1050:
.LBB1051:
	.loc 1 135 11 is_stmt 0 view .LVU1603
	leaq	.LC28(%rip), %rbp
.LBE1051:
.LBE1050:
.LBE1049:
.LBE1048:
.LBE1047:
.LBB1058:
.LBB1044:
	.loc 1 81 11 view .LVU1604
	call	clock_gettime@PLT
.LVL418:
	.loc 1 82 5 is_stmt 1 view .LVU1605
	movq	%r13, 8(%rsp)
.LVL419:
	.loc 1 82 5 is_stmt 0 view .LVU1606
	movq	%r15, %r13
	.loc 1 82 64 view .LVU1607
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1608
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1609
	shrq	$18, %rdx
.LBE1044:
.LBE1058:
	.loc 1 267 14 view .LVU1610
	leaq	120000(%rcx,%rdx), %r14
.LVL420:
	.loc 1 267 14 view .LVU1611
	jmp	.L308
.LVL421:
	.p2align 4,,10
	.p2align 3
.L315:
.LBB1059:
	.loc 1 275 9 is_stmt 1 view .LVU1612
	.loc 1 275 12 is_stmt 0 view .LVU1613
	movl	56(%r13), %edx
	testl	%edx, %edx
	js	.L320
.LBB1055:
.LBI1055:
	.loc 1 79 24 is_stmt 1 view .LVU1614
.LBB1056:
	.loc 1 80 5 view .LVU1615
	.loc 1 81 5 view .LVU1616
	.loc 1 81 11 is_stmt 0 view .LVU1617
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL422:
	.loc 1 82 5 is_stmt 1 view .LVU1618
	.loc 1 82 64 is_stmt 0 view .LVU1619
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1620
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1621
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1622
	addq	%rdx, %rcx
.LBE1056:
.LBE1055:
	.loc 1 275 28 view .LVU1623
	cmpq	%rcx, %r14
	jnb	.L321
.L320:
	.loc 1 276 13 is_stmt 1 view .LVU1624
.LVL423:
.LBB1057:
.LBI1048:
	.loc 1 259 20 view .LVU1625
.LBB1054:
	.loc 1 260 5 view .LVU1626
	.loc 1 260 11 is_stmt 0 view .LVU1627
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL424:
	.loc 1 261 5 is_stmt 1 view .LVU1628
.LBB1053:
.LBI1050:
	.loc 1 134 20 view .LVU1629
.LBB1052:
	.loc 1 135 5 view .LVU1630
	.loc 1 135 11 is_stmt 0 view .LVU1631
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L319
	movq	64(%r13), %r9
.L319:
	.loc 1 135 11 view .LVU1632
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L322
	movq	16(%r13), %r8
.L322:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL425:
	.loc 1 135 11 view .LVU1633
.LBE1052:
.LBE1053:
	.loc 1 262 5 is_stmt 1 view .LVU1634
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL426:
.L321:
	.loc 1 262 5 is_stmt 0 view .LVU1635
.LBE1054:
.LBE1057:
	.loc 1 278 9 is_stmt 1 view .LVU1636
	.loc 1 278 15 is_stmt 0 view .LVU1637
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL427:
.LBE1059:
	.loc 1 268 5 is_stmt 1 view .LVU1638
.L308:
	.loc 1 268 5 view .LVU1639
.LBB1060:
	.loc 1 269 9 view .LVU1640
	.loc 1 269 76 is_stmt 0 view .LVU1641
	cmpq	$0, 72(%r13)
	je	.L315
	.loc 1 269 69 view .LVU1642
	movq	88(%r13), %r15
	.loc 1 269 76 view .LVU1643
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU1644
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1645
	addq	%r15, %r12
.LVL428:
	.loc 1 270 9 is_stmt 1 view .LVU1646
	.loc 1 270 29 is_stmt 0 view .LVU1647
	movq	%r12, %rdi
	call	strstr@PLT
.LVL429:
	.loc 1 271 9 is_stmt 1 view .LVU1648
	.loc 1 271 12 is_stmt 0 view .LVU1649
	testq	%rax, %rax
	je	.L315
	.loc 1 272 44 view .LVU1650
	movq	%r15, %r14
.LVL430:
	.loc 1 272 44 view .LVU1651
	subq	%r12, %rax
.LVL431:
	.loc 1 272 44 view .LVU1652
	movq	%r13, %r15
.LBE1060:
.LBE1064:
.LBE1068:
.LBE1074:
.LBB1075:
.LBB1076:
.LBB1077:
.LBB1078:
.LBB1079:
	.loc 1 81 11 view .LVU1653
	movq	(%rsp), %rsi
.LBE1079:
.LBE1078:
.LBE1077:
.LBE1076:
.LBE1075:
.LBB1103:
.LBB1069:
.LBB1065:
.LBB1061:
	.loc 1 272 26 view .LVU1654
	leaq	25(%r14,%rax), %rax
.LBE1061:
.LBE1065:
.LBE1069:
.LBE1103:
.LBB1104:
.LBB1101:
.LBB1099:
.LBB1083:
.LBB1080:
	.loc 1 81 11 view .LVU1655
	movl	$1, %edi
	.loc 1 82 64 view .LVU1656
	movabsq	$4835703278458516699, %r12
.LVL432:
	.loc 1 82 64 view .LVU1657
.LBE1080:
.LBE1083:
.LBE1099:
.LBE1101:
.LBE1104:
.LBB1105:
.LBB1070:
.LBB1066:
.LBB1062:
	.loc 1 272 44 view .LVU1658
	movq	8(%rsp), %r13
.LVL433:
	.loc 1 272 13 is_stmt 1 view .LVU1659
	.loc 1 272 26 is_stmt 0 view .LVU1660
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU1661
.LVL434:
	.loc 1 273 13 is_stmt 0 view .LVU1662
.LBE1062:
.LBE1066:
.LBE1070:
.LBE1105:
	.loc 2 78 5 is_stmt 1 view .LVU1663
.LBB1106:
.LBI1075:
	.loc 1 286 20 view .LVU1664
	.loc 1 287 5 view .LVU1665
.LBB1102:
.LBI1076:
	.loc 1 266 20 view .LVU1666
.LBB1100:
	.loc 1 267 5 view .LVU1667
.LBB1084:
.LBI1078:
	.loc 1 79 24 view .LVU1668
.LBB1081:
	.loc 1 80 5 view .LVU1669
	.loc 1 81 5 view .LVU1670
	leaq	.LC70(%rip), %rbx
.LBE1081:
.LBE1084:
.LBB1085:
.LBB1086:
.LBB1087:
.LBB1088:
.LBB1089:
	.loc 1 135 11 is_stmt 0 view .LVU1671
	leaq	.LC28(%rip), %rbp
.LBE1089:
.LBE1088:
.LBE1087:
.LBE1086:
.LBE1085:
.LBB1096:
.LBB1082:
	.loc 1 81 11 view .LVU1672
	call	clock_gettime@PLT
.LVL435:
	.loc 1 82 5 is_stmt 1 view .LVU1673
	.loc 1 82 64 is_stmt 0 view .LVU1674
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1675
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1676
	shrq	$18, %rdx
.LBE1082:
.LBE1096:
	.loc 1 267 14 view .LVU1677
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL436:
	.loc 1 267 14 view .LVU1678
	jmp	.L316
.LVL437:
	.p2align 4,,10
	.p2align 3
.L323:
.LBB1097:
	.loc 1 275 9 is_stmt 1 view .LVU1679
	.loc 1 275 12 is_stmt 0 view .LVU1680
	movl	56(%r13), %eax
	testl	%eax, %eax
	js	.L327
.LBB1093:
.LBI1093:
	.loc 1 79 24 is_stmt 1 view .LVU1681
.LBB1094:
	.loc 1 80 5 view .LVU1682
	.loc 1 81 5 view .LVU1683
	.loc 1 81 11 is_stmt 0 view .LVU1684
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL438:
	.loc 1 82 5 is_stmt 1 view .LVU1685
	.loc 1 82 64 is_stmt 0 view .LVU1686
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1687
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1688
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1689
	addq	%rdx, %rcx
.LBE1094:
.LBE1093:
	.loc 1 275 28 view .LVU1690
	cmpq	%rcx, 8(%rsp)
	jnb	.L328
.L327:
	.loc 1 276 13 is_stmt 1 view .LVU1691
.LVL439:
.LBB1095:
.LBI1086:
	.loc 1 259 20 view .LVU1692
.LBB1092:
	.loc 1 260 5 view .LVU1693
	.loc 1 260 11 is_stmt 0 view .LVU1694
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL440:
	.loc 1 261 5 is_stmt 1 view .LVU1695
.LBB1091:
.LBI1088:
	.loc 1 134 20 view .LVU1696
.LBB1090:
	.loc 1 135 5 view .LVU1697
	.loc 1 135 11 is_stmt 0 view .LVU1698
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L326
	movq	64(%r13), %r9
.L326:
	.loc 1 135 11 view .LVU1699
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L329
	movq	16(%r13), %r8
.L329:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL441:
	.loc 1 135 11 view .LVU1700
.LBE1090:
.LBE1091:
	.loc 1 262 5 is_stmt 1 view .LVU1701
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL442:
.L328:
	.loc 1 262 5 is_stmt 0 view .LVU1702
.LBE1092:
.LBE1095:
	.loc 1 278 9 is_stmt 1 view .LVU1703
	.loc 1 278 15 is_stmt 0 view .LVU1704
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL443:
.LBE1097:
	.loc 1 268 5 is_stmt 1 view .LVU1705
.L316:
	.loc 1 268 5 view .LVU1706
.LBB1098:
	.loc 1 269 9 view .LVU1707
	.loc 1 269 76 is_stmt 0 view .LVU1708
	cmpq	$0, 72(%r13)
	je	.L323
	.loc 1 269 69 view .LVU1709
	movq	88(%r13), %r14
	.loc 1 269 76 view .LVU1710
	movq	64(%r13), %r15
	.loc 1 270 29 view .LVU1711
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1712
	addq	%r14, %r15
.LVL444:
	.loc 1 270 9 is_stmt 1 view .LVU1713
	.loc 1 270 29 is_stmt 0 view .LVU1714
	movq	%r15, %rdi
	call	strstr@PLT
.LVL445:
	.loc 1 271 9 is_stmt 1 view .LVU1715
	.loc 1 271 12 is_stmt 0 view .LVU1716
	testq	%rax, %rax
	je	.L323
	.loc 1 272 13 is_stmt 1 view .LVU1717
	.loc 1 272 44 is_stmt 0 view .LVU1718
	subq	%r15, %rax
.LVL446:
	.loc 1 272 26 view .LVU1719
	leaq	24(%r14,%rax), %rax
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU1720
.LVL447:
	.loc 1 273 13 is_stmt 0 view .LVU1721
.LBE1098:
.LBE1100:
.LBE1102:
.LBE1106:
	.loc 2 79 1 view .LVU1722
	movq	152(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L349
	addq	$168, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL448:
	.loc 2 79 1 view .LVU1723
	ret
.LVL449:
.L349:
	.cfi_restore_state
	.loc 2 79 1 view .LVU1724
	call	__stack_chk_fail@PLT
.LVL450:
	.cfi_endproc
.LFE71:
	.size	a_cut_ends_the_connection_on_both_sides, .-a_cut_ends_the_connection_on_both_sides
	.section	.rodata.str1.1
.LC71:
	.string	"list\n"
.LC72:
	.string	"--count"
.LC73:
	.string	"1"
.LC74:
	.string	"drop publ 1 from 580"
	.section	.rodata.str1.8
	.align 8
.LC75:
	.string	"conn; subs temp; publ temp first; publ temp second"
	.section	.rodata.str1.1
.LC76:
	.string	"temp second\n"
	.section	.rodata.str1.8
	.align 8
.LC77:
	.string	"fault: publ from 580 dropped (rule 1)"
	.text
	.p2align 4
	.type	a_dropped_packet_does_not_arrive_and_the_next_one_does, @function
a_dropped_packet_does_not_arrive_and_the_next_one_does:
.LVL451:
.LFB66:
	.loc 2 10 82 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 10 82 is_stmt 0 view .LVU1726
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB1163:
.LBB1164:
	.loc 2 5 30 view .LVU1727
	pxor	%xmm0, %xmm0
.LBE1164:
.LBE1163:
	.loc 2 10 82 view .LVU1728
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
.LBB1215:
.LBB1208:
.LBB1165:
.LBB1166:
.LBB1167:
.LBB1168:
.LBB1169:
.LBB1170:
.LBB1171:
.LBB1172:
	.loc 1 135 11 view .LVU1729
	leaq	.LC28(%rip), %rbp
.LBE1172:
.LBE1171:
.LBE1170:
.LBE1169:
.LBE1168:
.LBE1167:
.LBE1166:
.LBE1165:
.LBE1208:
.LBE1215:
	.loc 2 10 82 view .LVU1730
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB1216:
.LBB1209:
	.loc 2 5 30 view .LVU1731
	leaq	.LC42(%rip), %rbx
.LBE1209:
.LBE1216:
	.loc 2 10 82 view .LVU1732
	subq	$184, %rsp
	.cfi_def_cfa_offset 240
	movq	%fs:40, %rax
	movq	%rax, 168(%rsp)
	leaq	.LC38(%rip), %rax
.LBB1217:
.LBB1210:
	.loc 2 5 30 view .LVU1733
	movaps	%xmm0, 80(%rsp)
.LBB1202:
.LBB1196:
.LBB1190:
.LBB1179:
.LBB1180:
	.loc 1 81 11 view .LVU1734
	leaq	48(%rsp), %r14
.LBE1180:
.LBE1179:
.LBE1190:
.LBE1196:
.LBE1202:
	.loc 2 5 30 view .LVU1735
	movq	$0, 136(%rsp)
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm2
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm1, %xmm2
	movq	%rax, 64(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC50(%rip), %rax
	movaps	%xmm2, 16(%rsp)
.LBE1210:
.LBE1217:
	.loc 2 11 5 is_stmt 1 view .LVU1736
	.loc 2 12 5 view .LVU1737
.LVL452:
.LBB1218:
.LBI1163:
	.loc 2 4 24 view .LVU1738
.LBB1211:
	.loc 2 5 5 view .LVU1739
	.loc 2 5 30 is_stmt 0 view .LVU1740
	movq	%rax, %xmm3
	leaq	.LC74(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 128(%rsp)
	leaq	96(%rsp), %rax
	movq	%rax, 40(%rsp)
	movq	%rax, 72(%rsp)
	leaq	64(%rsp), %rax
	movaps	%xmm0, 96(%rsp)
	movq	%rbx, %xmm0
	movq	%rax, %rdi
.LVL453:
	.loc 2 5 30 view .LVU1741
	leaq	.LC58(%rip), %rbx
	punpcklqdq	%xmm3, %xmm0
	movq	%rax, 32(%rsp)
	movaps	%xmm0, 112(%rsp)
	call	process_start_with
.LVL454:
.LBB1203:
.LBB1197:
.LBB1191:
.LBB1183:
.LBB1181:
	.loc 1 81 11 view .LVU1742
	movq	%r14, %rsi
	movl	$1, %edi
.LBE1181:
.LBE1183:
.LBE1191:
.LBE1197:
.LBE1203:
	.loc 2 5 30 view .LVU1743
	movq	%rax, %r13
.LVL455:
	.loc 2 6 5 is_stmt 1 view .LVU1744
.LBB1204:
.LBI1165:
	.loc 1 286 20 view .LVU1745
	.loc 1 287 5 view .LVU1746
.LBB1198:
.LBI1166:
	.loc 1 266 20 view .LVU1747
.LBB1192:
	.loc 1 267 5 view .LVU1748
.LBB1184:
.LBI1179:
	.loc 1 79 24 view .LVU1749
.LBB1182:
	.loc 1 80 5 view .LVU1750
	.loc 1 81 5 view .LVU1751
	.loc 1 81 11 is_stmt 0 view .LVU1752
	call	clock_gettime@PLT
.LVL456:
	.loc 1 82 5 is_stmt 1 view .LVU1753
	.loc 1 82 64 is_stmt 0 view .LVU1754
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1755
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1756
	shrq	$18, %rdx
.LBE1182:
.LBE1184:
	.loc 1 267 14 view .LVU1757
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL457:
	.loc 1 267 14 view .LVU1758
	jmp	.L360
.LVL458:
	.p2align 4,,10
	.p2align 3
.L351:
.LBB1185:
	.loc 1 275 9 is_stmt 1 view .LVU1759
	.loc 1 275 12 is_stmt 0 view .LVU1760
	movl	56(%r13), %ecx
	testl	%ecx, %ecx
	js	.L357
.LBB1176:
.LBI1176:
	.loc 1 79 24 is_stmt 1 view .LVU1761
.LBB1177:
	.loc 1 80 5 view .LVU1762
	.loc 1 81 5 view .LVU1763
	.loc 1 81 11 is_stmt 0 view .LVU1764
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL459:
	.loc 1 82 5 is_stmt 1 view .LVU1765
	.loc 1 82 64 is_stmt 0 view .LVU1766
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1767
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1768
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1769
	addq	%rdx, %rcx
.LBE1177:
.LBE1176:
	.loc 1 275 28 view .LVU1770
	cmpq	%rcx, 8(%rsp)
	jnb	.L358
.L357:
	.loc 1 276 13 is_stmt 1 view .LVU1771
.LVL460:
.LBB1178:
.LBI1169:
	.loc 1 259 20 view .LVU1772
.LBB1175:
	.loc 1 260 5 view .LVU1773
	.loc 1 260 11 is_stmt 0 view .LVU1774
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL461:
	.loc 1 261 5 is_stmt 1 view .LVU1775
.LBB1174:
.LBI1171:
	.loc 1 134 20 view .LVU1776
.LBB1173:
	.loc 1 135 5 view .LVU1777
	.loc 1 135 11 is_stmt 0 view .LVU1778
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L356
	movq	64(%r13), %r9
.L356:
	.loc 1 135 11 view .LVU1779
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L359
	movq	16(%r13), %r8
.L359:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL462:
	.loc 1 135 11 view .LVU1780
.LBE1173:
.LBE1174:
	.loc 1 262 5 is_stmt 1 view .LVU1781
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL463:
.L358:
	.loc 1 262 5 is_stmt 0 view .LVU1782
.LBE1175:
.LBE1178:
	.loc 1 278 9 is_stmt 1 view .LVU1783
	.loc 1 278 15 is_stmt 0 view .LVU1784
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL464:
.LBE1185:
	.loc 1 268 5 is_stmt 1 view .LVU1785
.L360:
	.loc 1 268 5 view .LVU1786
.LBB1186:
	.loc 1 269 9 view .LVU1787
	.loc 1 269 76 is_stmt 0 view .LVU1788
	cmpq	$0, 72(%r13)
	je	.L351
	.loc 1 269 69 view .LVU1789
	movq	88(%r13), %r12
	.loc 1 269 76 view .LVU1790
	movq	64(%r13), %r15
	.loc 1 270 29 view .LVU1791
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1792
	addq	%r12, %r15
.LVL465:
	.loc 1 270 9 is_stmt 1 view .LVU1793
	.loc 1 270 29 is_stmt 0 view .LVU1794
	movq	%r15, %rdi
	call	strstr@PLT
.LVL466:
	.loc 1 271 9 is_stmt 1 view .LVU1795
	.loc 1 271 12 is_stmt 0 view .LVU1796
	testq	%rax, %rax
	je	.L351
	.loc 1 272 13 is_stmt 1 view .LVU1797
	.loc 1 272 44 is_stmt 0 view .LVU1798
	movq	%r15, %rbx
.LBE1186:
.LBE1192:
.LBE1198:
.LBE1204:
.LBE1211:
.LBE1218:
	.loc 2 13 30 view .LVU1799
	pxor	%xmm0, %xmm0
	movdqa	16(%rsp), %xmm4
	movq	32(%rsp), %rdi
.LBB1219:
.LBB1212:
.LBB1205:
.LBB1199:
.LBB1193:
.LBB1187:
	.loc 1 272 44 view .LVU1800
	subq	%rbx, %rax
.LVL467:
	.loc 1 272 44 view .LVU1801
.LBE1187:
.LBE1193:
.LBE1199:
.LBE1205:
.LBE1212:
.LBE1219:
	.loc 2 13 30 view .LVU1802
	leaq	.LC40(%rip), %rbx
	movaps	%xmm0, 80(%rsp)
.LBB1220:
.LBB1213:
.LBB1206:
.LBB1200:
.LBB1194:
.LBB1188:
	.loc 1 272 26 view .LVU1803
	leaq	14(%r12,%rax), %rax
.LBE1188:
.LBE1194:
.LBE1200:
.LBE1206:
.LBE1213:
.LBE1220:
	.loc 2 13 30 view .LVU1804
	movq	%rbx, %xmm0
	leaq	.LC73(%rip), %rbx
.LBB1221:
.LBB1214:
.LBB1207:
.LBB1201:
.LBB1195:
.LBB1189:
	.loc 1 272 26 view .LVU1805
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU1806
.LVL468:
	.loc 1 273 13 is_stmt 0 view .LVU1807
.LBE1189:
.LBE1195:
.LBE1201:
.LBE1207:
	.loc 2 7 5 is_stmt 1 view .LVU1808
	.loc 2 7 5 is_stmt 0 view .LVU1809
.LBE1214:
.LBE1221:
	.loc 2 13 5 is_stmt 1 view .LVU1810
	.loc 2 13 30 is_stmt 0 view .LVU1811
	movq	process_folder(%rip), %rax
	movaps	%xmm4, 96(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC72(%rip), %rax
	movq	%rax, %xmm5
	leaq	.LC41(%rip), %rax
	movq	$0, 152(%rsp)
	punpcklqdq	%xmm5, %xmm0
	movq	%rax, %xmm6
	leaq	.LC75(%rip), %rax
	movq	%rax, 144(%rsp)
	movq	40(%rsp), %rax
	movaps	%xmm0, 112(%rsp)
	movq	%rbx, %xmm0
	punpcklqdq	%xmm6, %xmm0
	movq	%rax, 72(%rsp)
	movaps	%xmm0, 128(%rsp)
	call	process_start_with
.LVL469:
	.loc 2 15 5 view .LVU1812
	xorl	%esi, %esi
	.loc 2 13 30 view .LVU1813
	movq	%rax, %rbx
.LVL470:
	.loc 2 15 5 is_stmt 1 view .LVU1814
	movq	%rax, %rdi
	call	process_assert_code
.LVL471:
	.loc 2 16 5 view .LVU1815
.LBB1222:
.LBI1222:
	.loc 1 348 27 view .LVU1816
.LBB1223:
	.loc 1 349 5 view .LVU1817
	.loc 1 349 44 is_stmt 0 view .LVU1818
	cmpq	$0, 24(%rbx)
	leaq	.LC28(%rip), %rdi
	je	.L353
	movq	16(%rbx), %rdi
.L353:
.LVL472:
	.loc 1 349 44 view .LVU1819
.LBE1223:
.LBE1222:
	.loc 2 16 5 view .LVU1820
	movl	$16, %ecx
	leaq	.LC37(%rip), %rdx
	leaq	.LC76(%rip), %rsi
	call	_assert_string_equal@PLT
.LVL473:
	.loc 2 17 5 is_stmt 1 view .LVU1821
.LBB1224:
.LBI1224:
	.loc 1 286 20 view .LVU1822
	.loc 1 287 5 view .LVU1823
.LBB1225:
.LBI1225:
	.loc 1 266 20 view .LVU1824
.LBB1226:
	.loc 1 267 5 view .LVU1825
.LBB1227:
.LBI1227:
	.loc 1 79 24 view .LVU1826
.LBB1228:
	.loc 1 80 5 view .LVU1827
	.loc 1 81 5 view .LVU1828
	.loc 1 81 11 is_stmt 0 view .LVU1829
	movq	%r14, %rsi
	movl	$1, %edi
	leaq	.LC77(%rip), %rbx
.LVL474:
	.loc 1 81 11 view .LVU1830
	call	clock_gettime@PLT
.LVL475:
	.loc 1 82 5 is_stmt 1 view .LVU1831
.LBE1228:
.LBE1227:
.LBB1230:
.LBB1231:
.LBB1232:
.LBB1233:
.LBB1234:
	.loc 1 135 11 is_stmt 0 view .LVU1832
	leaq	.LC28(%rip), %rbp
.LBE1234:
.LBE1233:
.LBE1232:
.LBE1231:
.LBE1230:
.LBB1241:
.LBB1229:
	.loc 1 82 64 view .LVU1833
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1834
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1835
	shrq	$18, %rdx
.LBE1229:
.LBE1241:
	.loc 1 267 14 view .LVU1836
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL476:
	.loc 1 267 14 view .LVU1837
	jmp	.L369
.LVL477:
	.p2align 4,,10
	.p2align 3
.L361:
.LBB1242:
	.loc 1 275 9 is_stmt 1 view .LVU1838
	.loc 1 275 12 is_stmt 0 view .LVU1839
	movl	56(%r13), %edx
	testl	%edx, %edx
	js	.L366
.LBB1238:
.LBI1238:
	.loc 1 79 24 is_stmt 1 view .LVU1840
.LBB1239:
	.loc 1 80 5 view .LVU1841
	.loc 1 81 5 view .LVU1842
	.loc 1 81 11 is_stmt 0 view .LVU1843
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL478:
	.loc 1 82 5 is_stmt 1 view .LVU1844
	.loc 1 82 64 is_stmt 0 view .LVU1845
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1846
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1847
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1848
	addq	%rdx, %rcx
.LBE1239:
.LBE1238:
	.loc 1 275 28 view .LVU1849
	cmpq	%rcx, 8(%rsp)
	jnb	.L367
.L366:
	.loc 1 276 13 is_stmt 1 view .LVU1850
.LVL479:
.LBB1240:
.LBI1231:
	.loc 1 259 20 view .LVU1851
.LBB1237:
	.loc 1 260 5 view .LVU1852
	.loc 1 260 11 is_stmt 0 view .LVU1853
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL480:
	.loc 1 261 5 is_stmt 1 view .LVU1854
.LBB1236:
.LBI1233:
	.loc 1 134 20 view .LVU1855
.LBB1235:
	.loc 1 135 5 view .LVU1856
	.loc 1 135 11 is_stmt 0 view .LVU1857
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L365
	movq	64(%r13), %r9
.L365:
	.loc 1 135 11 view .LVU1858
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L368
	movq	16(%r13), %r8
.L368:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL481:
	.loc 1 135 11 view .LVU1859
.LBE1235:
.LBE1236:
	.loc 1 262 5 is_stmt 1 view .LVU1860
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL482:
.L367:
	.loc 1 262 5 is_stmt 0 view .LVU1861
.LBE1237:
.LBE1240:
	.loc 1 278 9 is_stmt 1 view .LVU1862
	.loc 1 278 15 is_stmt 0 view .LVU1863
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL483:
.LBE1242:
	.loc 1 268 5 is_stmt 1 view .LVU1864
.L369:
	.loc 1 268 5 view .LVU1865
.LBB1243:
	.loc 1 269 9 view .LVU1866
	.loc 1 269 76 is_stmt 0 view .LVU1867
	cmpq	$0, 72(%r13)
	je	.L361
	.loc 1 269 69 view .LVU1868
	movq	88(%r13), %r12
	.loc 1 269 76 view .LVU1869
	movq	64(%r13), %r15
	.loc 1 270 29 view .LVU1870
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU1871
	addq	%r12, %r15
.LVL484:
	.loc 1 270 9 is_stmt 1 view .LVU1872
	.loc 1 270 29 is_stmt 0 view .LVU1873
	movq	%r15, %rdi
	call	strstr@PLT
.LVL485:
	.loc 1 271 9 is_stmt 1 view .LVU1874
	.loc 1 271 12 is_stmt 0 view .LVU1875
	testq	%rax, %rax
	je	.L361
	.loc 1 272 13 is_stmt 1 view .LVU1876
	.loc 1 272 44 is_stmt 0 view .LVU1877
	movq	%r15, %rbx
.LBE1243:
.LBE1226:
.LBE1225:
.LBE1224:
.LBB1253:
.LBB1254:
.LBB1255:
.LBB1256:
.LBB1257:
	.loc 1 81 11 view .LVU1878
	movq	%r14, %rsi
	movl	$1, %edi
.LBE1257:
.LBE1256:
.LBE1255:
.LBE1254:
.LBE1253:
.LBB1276:
.LBB1250:
.LBB1247:
.LBB1244:
	.loc 1 272 44 view .LVU1879
	subq	%rbx, %rax
.LVL486:
	.loc 1 272 44 view .LVU1880
.LBE1244:
.LBE1247:
.LBE1250:
.LBE1276:
.LBB1277:
.LBB1272:
.LBB1268:
	.loc 1 234 14 view .LVU1881
	leaq	.LC71(%rip), %rbp
	movl	$5, %ebx
.LBE1268:
.LBE1272:
.LBE1277:
.LBB1278:
.LBB1251:
.LBB1248:
.LBB1245:
	.loc 1 272 26 view .LVU1882
	leaq	37(%r12,%rax), %rax
.LBE1245:
.LBE1248:
.LBE1251:
.LBE1278:
.LBB1279:
.LBB1273:
.LBB1269:
.LBB1260:
.LBB1258:
	.loc 1 82 64 view .LVU1883
	movabsq	$4835703278458516699, %r12
.LBE1258:
.LBE1260:
.LBE1269:
.LBE1273:
.LBE1279:
.LBB1280:
.LBB1252:
.LBB1249:
.LBB1246:
	.loc 1 272 26 view .LVU1884
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU1885
.LVL487:
	.loc 1 273 13 is_stmt 0 view .LVU1886
.LBE1246:
.LBE1249:
.LBE1252:
.LBE1280:
	.loc 2 18 5 is_stmt 1 view .LVU1887
.LBB1281:
.LBI1253:
	.loc 1 248 20 view .LVU1888
	.loc 1 249 5 view .LVU1889
.LBB1274:
.LBI1254:
	.loc 1 233 20 view .LVU1890
.LBB1270:
	.loc 1 234 5 view .LVU1891
.LBB1261:
.LBI1256:
	.loc 1 79 24 view .LVU1892
.LBB1259:
	.loc 1 80 5 view .LVU1893
	.loc 1 81 5 view .LVU1894
	.loc 1 81 11 is_stmt 0 view .LVU1895
	call	clock_gettime@PLT
.LVL488:
	.loc 1 82 5 is_stmt 1 view .LVU1896
	.loc 1 82 64 is_stmt 0 view .LVU1897
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1898
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1899
	shrq	$18, %rdx
.LBE1259:
.LBE1261:
	.loc 1 234 14 view .LVU1900
	leaq	120000(%rcx,%rdx), %r15
.LVL489:
	.loc 1 235 5 is_stmt 1 view .LVU1901
	.loc 1 235 23 view .LVU1902
	.p2align 4,,10
	.p2align 3
.L362:
.LBB1262:
	.loc 1 236 9 view .LVU1903
	.loc 1 236 24 is_stmt 0 view .LVU1904
	movl	4(%r13), %edi
	movq	%rbx, %rdx
	movq	%rbp, %rsi
	call	write@PLT
.LVL490:
	.loc 1 237 9 is_stmt 1 view .LVU1905
	.loc 1 237 12 is_stmt 0 view .LVU1906
	testq	%rax, %rax
	jle	.L370
	.loc 1 238 13 is_stmt 1 view .LVU1907
	.loc 1 238 43 is_stmt 0 view .LVU1908
	addq	%rax, %rbp
.LVL491:
	.loc 1 238 43 view .LVU1909
.LBE1262:
	.loc 1 235 23 is_stmt 1 view .LVU1910
	subq	%rax, %rbx
.LVL492:
	.loc 1 235 23 is_stmt 0 view .LVU1911
	jne	.L362
.LVL493:
.L372:
	.loc 1 235 23 view .LVU1912
.LBE1270:
.LBE1274:
.LBE1281:
	.loc 2 19 5 is_stmt 1 view .LVU1913
.LBB1282:
.LBI1282:
	.loc 1 282 20 view .LVU1914
	.loc 1 283 5 view .LVU1915
.LBB1283:
.LBI1283:
	.loc 1 266 20 view .LVU1916
.LBB1284:
	.loc 1 267 5 view .LVU1917
.LBB1285:
.LBI1285:
	.loc 1 79 24 view .LVU1918
.LBB1286:
	.loc 1 80 5 view .LVU1919
	.loc 1 81 5 view .LVU1920
	.loc 1 81 11 is_stmt 0 view .LVU1921
	movq	%r14, %rsi
	movl	$1, %edi
	.loc 1 82 64 view .LVU1922
	movabsq	$4835703278458516699, %rbp
	.loc 1 81 11 view .LVU1923
	call	clock_gettime@PLT
.LVL494:
	.loc 1 82 5 is_stmt 1 view .LVU1924
	.loc 1 82 64 is_stmt 0 view .LVU1925
	movq	%rbp, %rax
	mulq	56(%rsp)
.LBE1286:
.LBE1285:
.LBB1288:
.LBB1289:
.LBB1290:
.LBB1291:
.LBB1292:
	.loc 1 135 11 view .LVU1926
	leaq	.LC28(%rip), %rbx
.LBE1292:
.LBE1291:
.LBE1290:
.LBE1289:
.LBE1288:
.LBB1299:
.LBB1287:
	.loc 1 82 33 view .LVU1927
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1928
	shrq	$18, %rdx
.LBE1287:
.LBE1299:
	.loc 1 267 14 view .LVU1929
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL495:
	.loc 1 267 14 view .LVU1930
	jmp	.L374
.LVL496:
	.p2align 4,,10
	.p2align 3
.L375:
.LBB1300:
	.loc 1 275 9 is_stmt 1 view .LVU1931
	.loc 1 275 12 is_stmt 0 view .LVU1932
	movl	8(%r13), %eax
	testl	%eax, %eax
	js	.L379
.LBB1296:
.LBI1296:
	.loc 1 79 24 is_stmt 1 view .LVU1933
.LBB1297:
	.loc 1 80 5 view .LVU1934
	.loc 1 81 5 view .LVU1935
	.loc 1 81 11 is_stmt 0 view .LVU1936
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL497:
	.loc 1 82 5 is_stmt 1 view .LVU1937
	.loc 1 82 64 is_stmt 0 view .LVU1938
	movq	%rbp, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1939
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1940
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1941
	addq	%rdx, %rcx
.LBE1297:
.LBE1296:
	.loc 1 275 28 view .LVU1942
	cmpq	%rcx, 8(%rsp)
	jnb	.L380
.L379:
	.loc 1 276 13 is_stmt 1 view .LVU1943
.LVL498:
.LBB1298:
.LBI1289:
	.loc 1 259 20 view .LVU1944
.LBB1295:
	.loc 1 260 5 view .LVU1945
	.loc 1 260 11 is_stmt 0 view .LVU1946
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	leaq	.LC74(%rip), %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL499:
	.loc 1 261 5 is_stmt 1 view .LVU1947
.LBB1294:
.LBI1291:
	.loc 1 134 20 view .LVU1948
.LBB1293:
	.loc 1 135 5 view .LVU1949
	.loc 1 135 11 is_stmt 0 view .LVU1950
	cmpq	$0, 72(%r13)
	movq	%rbx, %r9
	je	.L378
	movq	64(%r13), %r9
.L378:
	.loc 1 135 11 view .LVU1951
	cmpq	$0, 24(%r13)
	movq	%rbx, %r8
	je	.L381
	movq	16(%r13), %r8
.L381:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL500:
	.loc 1 135 11 view .LVU1952
.LBE1293:
.LBE1294:
	.loc 1 262 5 is_stmt 1 view .LVU1953
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL501:
.L380:
	.loc 1 262 5 is_stmt 0 view .LVU1954
.LBE1295:
.LBE1298:
	.loc 1 278 9 is_stmt 1 view .LVU1955
	.loc 1 278 15 is_stmt 0 view .LVU1956
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL502:
.LBE1300:
	.loc 1 268 5 is_stmt 1 view .LVU1957
.L374:
	.loc 1 268 5 view .LVU1958
.LBB1301:
	.loc 1 269 9 view .LVU1959
	.loc 1 269 76 is_stmt 0 view .LVU1960
	cmpq	$0, 24(%r13)
	je	.L375
	.loc 1 269 69 view .LVU1961
	movq	40(%r13), %r12
	.loc 1 269 76 view .LVU1962
	movq	16(%r13), %r15
	.loc 1 270 29 view .LVU1963
	leaq	.LC74(%rip), %rsi
	.loc 1 269 76 view .LVU1964
	addq	%r12, %r15
.LVL503:
	.loc 1 270 9 is_stmt 1 view .LVU1965
	.loc 1 270 29 is_stmt 0 view .LVU1966
	movq	%r15, %rdi
	call	strstr@PLT
.LVL504:
	.loc 1 271 9 is_stmt 1 view .LVU1967
	.loc 1 271 12 is_stmt 0 view .LVU1968
	testq	%rax, %rax
	je	.L375
	.loc 1 272 13 is_stmt 1 view .LVU1969
	.loc 1 272 44 is_stmt 0 view .LVU1970
	movq	%r15, %rbx
	subq	%rbx, %rax
.LVL505:
	.loc 1 272 26 view .LVU1971
	leaq	20(%r12,%rax), %rax
	movq	%rax, 40(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU1972
.LVL506:
	.loc 1 273 13 is_stmt 0 view .LVU1973
.LBE1301:
.LBE1284:
.LBE1283:
.LBE1282:
	.loc 2 20 1 view .LVU1974
	movq	168(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L406
	addq	$184, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
.LVL507:
	.loc 2 20 1 view .LVU1975
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL508:
	.loc 2 20 1 view .LVU1976
	ret
.LVL509:
	.p2align 4,,10
	.p2align 3
.L370:
	.cfi_restore_state
.LBB1302:
.LBB1275:
.LBB1271:
.LBB1267:
	.loc 1 239 16 is_stmt 1 view .LVU1977
	.loc 1 239 19 is_stmt 0 view .LVU1978
	je	.L373
	.loc 1 239 32 view .LVU1979
	call	__errno_location@PLT
.LVL510:
	.loc 1 239 32 view .LVU1980
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU1981
	cmpl	$4, %eax
	je	.L373
	cmpl	$11, %eax
	jne	.L372
.L373:
	.loc 1 242 13 is_stmt 1 view .LVU1982
	.loc 1 242 19 is_stmt 0 view .LVU1983
	movl	4(%r13), %edi
	call	process_pump.constprop.0.isra.0
.LVL511:
	.loc 1 243 13 is_stmt 1 view .LVU1984
.LBB1263:
.LBI1263:
	.loc 1 79 24 view .LVU1985
.LBB1264:
	.loc 1 80 5 view .LVU1986
	.loc 1 81 5 view .LVU1987
	.loc 1 81 11 is_stmt 0 view .LVU1988
	movq	%r14, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL512:
	.loc 1 82 5 is_stmt 1 view .LVU1989
	.loc 1 82 64 is_stmt 0 view .LVU1990
	movq	%r12, %rax
.LBE1264:
.LBE1263:
	.loc 1 243 13 view .LVU1991
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB1266:
.LBB1265:
	.loc 1 82 64 view .LVU1992
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU1993
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU1994
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU1995
	addq	%rdx, %rcx
.LBE1265:
.LBE1266:
	.loc 1 243 13 view .LVU1996
	leaq	.LC13(%rip), %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL513:
	.loc 1 243 13 view .LVU1997
.LBE1267:
	.loc 1 235 23 is_stmt 1 view .LVU1998
	jmp	.L362
.LVL514:
.L406:
	.loc 1 235 23 is_stmt 0 view .LVU1999
.LBE1271:
.LBE1275:
.LBE1302:
	.loc 2 20 1 view .LVU2000
	call	__stack_chk_fail@PLT
.LVL515:
	.cfi_endproc
.LFE66:
	.size	a_dropped_packet_does_not_arrive_and_the_next_one_does, .-a_dropped_packet_does_not_arrive_and_the_next_one_does
	.section	.rodata.str1.1
.LC78:
	.string	"conn; subs temp"
.LC79:
	.string	"corrupt 64 bits of sres"
	.section	.rodata.str1.8
	.align 8
.LC80:
	.string	"fault: sres to 580 corrupted (rule 1)"
	.section	.rodata.str1.1
.LC81:
	.string	"dropped"
.LC82:
	.string	"ae"
	.section	.rodata.str1.8
	.align 8
.LC83:
	.string	"sender has our own address, but we did not send it"
	.text
	.p2align 4
	.type	a_changed_line_does_not_hide_a_second_device, @function
a_changed_line_does_not_hide_a_second_device:
.LVL516:
.LFB76:
	.loc 2 132 72 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 132 72 is_stmt 0 view .LVU2002
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB1357:
.LBB1358:
	.loc 2 5 30 view .LVU2003
	pxor	%xmm0, %xmm0
.LBE1358:
.LBE1357:
	.loc 2 132 72 view .LVU2004
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
.LBB1405:
.LBB1398:
.LBB1359:
.LBB1360:
.LBB1361:
.LBB1362:
.LBB1363:
	.loc 1 82 64 view .LVU2005
	movabsq	$4835703278458516699, %r12
.LBE1363:
.LBE1362:
.LBE1361:
.LBE1360:
.LBE1359:
.LBE1398:
.LBE1405:
	.loc 2 132 72 view .LVU2006
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
.LBB1406:
.LBB1399:
.LBB1393:
.LBB1388:
.LBB1383:
.LBB1366:
.LBB1367:
.LBB1368:
.LBB1369:
.LBB1370:
	.loc 1 135 11 view .LVU2007
	leaq	.LC28(%rip), %rbp
.LBE1370:
.LBE1369:
.LBE1368:
.LBE1367:
.LBE1366:
.LBE1383:
.LBE1388:
.LBE1393:
.LBE1399:
.LBE1406:
	.loc 2 132 72 view .LVU2008
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB1407:
.LBB1400:
	.loc 2 5 30 view .LVU2009
	leaq	.LC42(%rip), %rbx
.LBE1400:
.LBE1407:
	.loc 2 132 72 view .LVU2010
	subq	$168, %rsp
	.cfi_def_cfa_offset 224
	movq	%fs:40, %rax
	movq	%rax, 152(%rsp)
	leaq	.LC38(%rip), %rax
.LBB1408:
.LBB1401:
	.loc 2 5 30 view .LVU2011
	movaps	%xmm0, 80(%rsp)
	movq	$0, 136(%rsp)
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm2
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm1, %xmm2
	movq	%rax, 64(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC50(%rip), %rax
	movaps	%xmm2, 16(%rsp)
.LBE1401:
.LBE1408:
	.loc 2 133 5 is_stmt 1 view .LVU2012
	.loc 2 134 5 view .LVU2013
.LVL517:
.LBB1409:
.LBI1357:
	.loc 2 4 24 view .LVU2014
.LBB1402:
	.loc 2 5 5 view .LVU2015
	.loc 2 5 30 is_stmt 0 view .LVU2016
	movq	%rax, %xmm3
	leaq	.LC79(%rip), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 128(%rsp)
	leaq	96(%rsp), %rax
	movq	%rax, 40(%rsp)
	movq	%rax, 72(%rsp)
	leaq	64(%rsp), %rax
	movaps	%xmm0, 96(%rsp)
	movq	%rbx, %xmm0
	movq	%rax, %rdi
.LVL518:
	.loc 2 5 30 view .LVU2017
	leaq	.LC58(%rip), %rbx
	punpcklqdq	%xmm3, %xmm0
	movq	%rax, 32(%rsp)
	movaps	%xmm0, 112(%rsp)
	call	process_start_with
.LVL519:
.LBB1394:
.LBB1389:
.LBB1384:
.LBB1377:
.LBB1364:
	.loc 1 81 11 view .LVU2018
	leaq	48(%rsp), %rsi
	movl	$1, %edi
	movq	%rsi, (%rsp)
.LBE1364:
.LBE1377:
.LBE1384:
.LBE1389:
.LBE1394:
	.loc 2 5 30 view .LVU2019
	movq	%rax, %r15
.LVL520:
	.loc 2 6 5 is_stmt 1 view .LVU2020
.LBB1395:
.LBI1359:
	.loc 1 286 20 view .LVU2021
	.loc 1 287 5 view .LVU2022
.LBB1390:
.LBI1360:
	.loc 1 266 20 view .LVU2023
.LBB1385:
	.loc 1 267 5 view .LVU2024
.LBB1378:
.LBI1362:
	.loc 1 79 24 view .LVU2025
.LBB1365:
	.loc 1 80 5 view .LVU2026
	.loc 1 81 5 view .LVU2027
	.loc 1 81 11 is_stmt 0 view .LVU2028
	call	clock_gettime@PLT
.LVL521:
	.loc 1 82 5 is_stmt 1 view .LVU2029
	.loc 1 82 64 is_stmt 0 view .LVU2030
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2031
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2032
	shrq	$18, %rdx
.LBE1365:
.LBE1378:
	.loc 1 267 14 view .LVU2033
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL522:
	.loc 1 267 14 view .LVU2034
	jmp	.L416
.LVL523:
	.p2align 4,,10
	.p2align 3
.L408:
.LBB1379:
	.loc 1 275 9 is_stmt 1 view .LVU2035
	.loc 1 275 12 is_stmt 0 view .LVU2036
	movl	56(%r15), %esi
	testl	%esi, %esi
	js	.L413
.LBB1374:
.LBI1374:
	.loc 1 79 24 is_stmt 1 view .LVU2037
.LBB1375:
	.loc 1 80 5 view .LVU2038
	.loc 1 81 5 view .LVU2039
	.loc 1 81 11 is_stmt 0 view .LVU2040
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL524:
	.loc 1 82 5 is_stmt 1 view .LVU2041
	.loc 1 82 64 is_stmt 0 view .LVU2042
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2043
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2044
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2045
	addq	%rdx, %rcx
.LBE1375:
.LBE1374:
	.loc 1 275 28 view .LVU2046
	cmpq	%rcx, 8(%rsp)
	jnb	.L414
.L413:
	.loc 1 276 13 is_stmt 1 view .LVU2047
.LVL525:
.LBB1376:
.LBI1367:
	.loc 1 259 20 view .LVU2048
.LBB1373:
	.loc 1 260 5 view .LVU2049
	.loc 1 260 11 is_stmt 0 view .LVU2050
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL526:
	.loc 1 261 5 is_stmt 1 view .LVU2051
.LBB1372:
.LBI1369:
	.loc 1 134 20 view .LVU2052
.LBB1371:
	.loc 1 135 5 view .LVU2053
	.loc 1 135 11 is_stmt 0 view .LVU2054
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L412
	movq	64(%r15), %r9
.L412:
	.loc 1 135 11 view .LVU2055
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L415
	movq	16(%r15), %r8
.L415:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL527:
	.loc 1 135 11 view .LVU2056
.LBE1371:
.LBE1372:
	.loc 1 262 5 is_stmt 1 view .LVU2057
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL528:
.L414:
	.loc 1 262 5 is_stmt 0 view .LVU2058
.LBE1373:
.LBE1376:
	.loc 1 278 9 is_stmt 1 view .LVU2059
	.loc 1 278 15 is_stmt 0 view .LVU2060
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL529:
.LBE1379:
	.loc 1 268 5 is_stmt 1 view .LVU2061
.L416:
	.loc 1 268 5 view .LVU2062
.LBB1380:
	.loc 1 269 9 view .LVU2063
	.loc 1 269 76 is_stmt 0 view .LVU2064
	cmpq	$0, 72(%r15)
	je	.L408
	.loc 1 269 69 view .LVU2065
	movq	88(%r15), %r13
	.loc 1 269 76 view .LVU2066
	movq	64(%r15), %r14
	.loc 1 270 29 view .LVU2067
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2068
	addq	%r13, %r14
.LVL530:
	.loc 1 270 9 is_stmt 1 view .LVU2069
	.loc 1 270 29 is_stmt 0 view .LVU2070
	movq	%r14, %rdi
	call	strstr@PLT
.LVL531:
	.loc 1 271 9 is_stmt 1 view .LVU2071
	.loc 1 271 12 is_stmt 0 view .LVU2072
	testq	%rax, %rax
	je	.L408
	.loc 1 272 13 is_stmt 1 view .LVU2073
	.loc 1 272 44 is_stmt 0 view .LVU2074
	subq	%r14, %rax
.LVL532:
	.loc 1 272 44 view .LVU2075
.LBE1380:
.LBE1385:
.LBE1390:
.LBE1395:
.LBE1402:
.LBE1409:
	.loc 2 136 9 view .LVU2076
	pxor	%xmm0, %xmm0
	movq	32(%rsp), %rdi
	leaq	.LC40(%rip), %rbx
.LBB1410:
.LBB1403:
.LBB1396:
.LBB1391:
.LBB1386:
.LBB1381:
	.loc 1 272 26 view .LVU2077
	leaq	14(%r13,%rax), %rax
.LBE1381:
.LBE1386:
.LBE1391:
.LBE1396:
.LBE1403:
.LBE1410:
	.loc 2 136 9 view .LVU2078
	movaps	%xmm0, 80(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC78(%rip), %rbx
.LBB1411:
.LBB1404:
.LBB1397:
.LBB1392:
.LBB1387:
.LBB1382:
	.loc 1 272 26 view .LVU2079
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU2080
.LVL533:
	.loc 1 273 13 is_stmt 0 view .LVU2081
.LBE1382:
.LBE1387:
.LBE1392:
.LBE1397:
	.loc 2 7 5 is_stmt 1 view .LVU2082
	.loc 2 7 5 is_stmt 0 view .LVU2083
.LBE1404:
.LBE1411:
	.loc 2 135 5 is_stmt 1 view .LVU2084
	.loc 2 136 9 is_stmt 0 view .LVU2085
	movq	process_folder(%rip), %rax
.LBB1412:
.LBB1413:
.LBB1414:
.LBB1415:
.LBB1416:
.LBB1417:
.LBB1418:
.LBB1419:
	.loc 1 135 11 view .LVU2086
	leaq	.LC28(%rip), %rbp
.LBE1419:
.LBE1418:
.LBE1417:
.LBE1416:
.LBE1415:
.LBE1414:
.LBE1413:
.LBE1412:
	.loc 2 136 9 view .LVU2087
	movdqa	16(%rsp), %xmm4
	movq	$0, 144(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC41(%rip), %rax
	movq	%rax, %xmm5
	leaq	.LC65(%rip), %rax
	movaps	%xmm4, 96(%rsp)
	punpcklqdq	%xmm5, %xmm0
	movq	%rax, %xmm6
	movq	40(%rsp), %rax
	movaps	%xmm0, 112(%rsp)
	movq	%rbx, %xmm0
	leaq	.LC80(%rip), %rbx
	punpcklqdq	%xmm6, %xmm0
	movq	%rax, 72(%rsp)
	movaps	%xmm0, 128(%rsp)
	call	process_start_with
.LVL534:
.LBB1442:
.LBB1438:
.LBB1434:
.LBB1426:
.LBB1427:
	.loc 1 81 11 view .LVU2088
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1427:
.LBE1426:
.LBE1434:
.LBE1438:
.LBE1442:
	.loc 2 136 9 view .LVU2089
	movq	%rax, %r13
.LVL535:
	.loc 2 137 5 is_stmt 1 view .LVU2090
.LBB1443:
.LBI1412:
	.loc 1 286 20 view .LVU2091
	.loc 1 287 5 view .LVU2092
.LBB1439:
.LBI1413:
	.loc 1 266 20 view .LVU2093
.LBB1435:
	.loc 1 267 5 view .LVU2094
.LBB1429:
.LBI1426:
	.loc 1 79 24 view .LVU2095
.LBB1428:
	.loc 1 80 5 view .LVU2096
	.loc 1 81 5 view .LVU2097
	.loc 1 81 11 is_stmt 0 view .LVU2098
	call	clock_gettime@PLT
.LVL536:
	.loc 1 82 5 is_stmt 1 view .LVU2099
	movq	%r13, 8(%rsp)
	movq	%r15, %r13
.LVL537:
	.loc 1 82 64 is_stmt 0 view .LVU2100
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2101
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2102
	shrq	$18, %rdx
.LBE1428:
.LBE1429:
	.loc 1 267 14 view .LVU2103
	leaq	120000(%rcx,%rdx), %r14
.LVL538:
	.loc 1 267 14 view .LVU2104
	jmp	.L409
.LVL539:
	.p2align 4,,10
	.p2align 3
.L417:
.LBB1430:
	.loc 1 275 9 is_stmt 1 view .LVU2105
	.loc 1 275 12 is_stmt 0 view .LVU2106
	movl	56(%r13), %ecx
	testl	%ecx, %ecx
	js	.L422
.LBB1423:
.LBI1423:
	.loc 1 79 24 is_stmt 1 view .LVU2107
.LBB1424:
	.loc 1 80 5 view .LVU2108
	.loc 1 81 5 view .LVU2109
	.loc 1 81 11 is_stmt 0 view .LVU2110
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL540:
	.loc 1 82 5 is_stmt 1 view .LVU2111
	.loc 1 82 64 is_stmt 0 view .LVU2112
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2113
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2114
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2115
	addq	%rdx, %rcx
.LBE1424:
.LBE1423:
	.loc 1 275 28 view .LVU2116
	cmpq	%rcx, %r14
	jnb	.L423
.L422:
	.loc 1 276 13 is_stmt 1 view .LVU2117
.LVL541:
.LBB1425:
.LBI1416:
	.loc 1 259 20 view .LVU2118
.LBB1422:
	.loc 1 260 5 view .LVU2119
	.loc 1 260 11 is_stmt 0 view .LVU2120
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL542:
	.loc 1 261 5 is_stmt 1 view .LVU2121
.LBB1421:
.LBI1418:
	.loc 1 134 20 view .LVU2122
.LBB1420:
	.loc 1 135 5 view .LVU2123
	.loc 1 135 11 is_stmt 0 view .LVU2124
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L421
	movq	64(%r13), %r9
.L421:
	.loc 1 135 11 view .LVU2125
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L424
	movq	16(%r13), %r8
.L424:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL543:
	.loc 1 135 11 view .LVU2126
.LBE1420:
.LBE1421:
	.loc 1 262 5 is_stmt 1 view .LVU2127
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL544:
.L423:
	.loc 1 262 5 is_stmt 0 view .LVU2128
.LBE1422:
.LBE1425:
	.loc 1 278 9 is_stmt 1 view .LVU2129
	.loc 1 278 15 is_stmt 0 view .LVU2130
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL545:
.LBE1430:
	.loc 1 268 5 is_stmt 1 view .LVU2131
.L409:
	.loc 1 268 5 view .LVU2132
.LBB1431:
	.loc 1 269 9 view .LVU2133
	.loc 1 269 76 is_stmt 0 view .LVU2134
	cmpq	$0, 72(%r13)
	je	.L417
	.loc 1 269 69 view .LVU2135
	movq	88(%r13), %r15
	.loc 1 269 76 view .LVU2136
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU2137
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2138
	addq	%r15, %r12
.LVL546:
	.loc 1 270 9 is_stmt 1 view .LVU2139
	.loc 1 270 29 is_stmt 0 view .LVU2140
	movq	%r12, %rdi
	call	strstr@PLT
.LVL547:
	.loc 1 271 9 is_stmt 1 view .LVU2141
	.loc 1 271 12 is_stmt 0 view .LVU2142
	testq	%rax, %rax
	je	.L417
	.loc 1 272 44 view .LVU2143
	movq	%r15, %r14
.LVL548:
	.loc 1 272 44 view .LVU2144
	subq	%r12, %rax
.LVL549:
	.loc 1 272 44 view .LVU2145
	movq	%r13, %r15
.LBE1431:
.LBE1435:
.LBE1439:
.LBE1443:
.LBB1444:
.LBB1445:
.LBB1446:
.LBB1447:
.LBB1448:
	.loc 1 81 11 view .LVU2146
	movq	(%rsp), %rsi
.LBE1448:
.LBE1447:
.LBE1446:
.LBE1445:
.LBE1444:
.LBB1478:
.LBB1440:
.LBB1436:
.LBB1432:
	.loc 1 272 26 view .LVU2147
	leaq	37(%r14,%rax), %rax
.LBE1432:
.LBE1436:
.LBE1440:
.LBE1478:
.LBB1479:
.LBB1474:
.LBB1470:
.LBB1452:
.LBB1449:
	.loc 1 81 11 view .LVU2148
	movl	$1, %edi
.LBE1449:
.LBE1452:
.LBE1470:
.LBE1474:
.LBE1479:
.LBB1480:
.LBB1441:
.LBB1437:
.LBB1433:
	.loc 1 272 44 view .LVU2149
	movq	8(%rsp), %r13
.LVL550:
	.loc 1 272 13 is_stmt 1 view .LVU2150
	leaq	.LC81(%rip), %rbx
	.loc 1 272 26 is_stmt 0 view .LVU2151
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU2152
.LVL551:
	.loc 1 273 13 is_stmt 0 view .LVU2153
.LBE1433:
.LBE1437:
.LBE1441:
.LBE1480:
	.loc 2 138 5 is_stmt 1 view .LVU2154
.LBB1481:
.LBI1444:
	.loc 1 286 20 view .LVU2155
	.loc 1 287 5 view .LVU2156
.LBB1475:
.LBI1445:
	.loc 1 266 20 view .LVU2157
.LBB1471:
	.loc 1 267 5 view .LVU2158
.LBB1453:
.LBI1447:
	.loc 1 79 24 view .LVU2159
.LBB1450:
	.loc 1 80 5 view .LVU2160
	.loc 1 81 5 view .LVU2161
.LBE1450:
.LBE1453:
.LBB1454:
.LBB1455:
.LBB1456:
.LBB1457:
.LBB1458:
	.loc 1 135 11 is_stmt 0 view .LVU2162
	leaq	.LC28(%rip), %rbp
.LBE1458:
.LBE1457:
.LBE1456:
.LBE1455:
.LBE1454:
.LBB1465:
.LBB1451:
	.loc 1 81 11 view .LVU2163
	call	clock_gettime@PLT
.LVL552:
	.loc 1 82 5 is_stmt 1 view .LVU2164
	movq	%r15, 8(%rsp)
.LVL553:
	.loc 1 82 64 is_stmt 0 view .LVU2165
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2166
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2167
	shrq	$18, %rdx
.LBE1451:
.LBE1465:
	.loc 1 267 14 view .LVU2168
	leaq	120000(%rcx,%rdx), %r14
.LVL554:
	.loc 1 267 14 view .LVU2169
	jmp	.L418
.LVL555:
	.p2align 4,,10
	.p2align 3
.L425:
.LBB1466:
	.loc 1 275 9 is_stmt 1 view .LVU2170
	.loc 1 275 12 is_stmt 0 view .LVU2171
	movl	56(%r13), %edx
	testl	%edx, %edx
	js	.L430
.LBB1462:
.LBI1462:
	.loc 1 79 24 is_stmt 1 view .LVU2172
.LBB1463:
	.loc 1 80 5 view .LVU2173
	.loc 1 81 5 view .LVU2174
	.loc 1 81 11 is_stmt 0 view .LVU2175
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL556:
	.loc 1 82 5 is_stmt 1 view .LVU2176
	.loc 1 82 64 is_stmt 0 view .LVU2177
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2178
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2179
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2180
	addq	%rdx, %rcx
.LBE1463:
.LBE1462:
	.loc 1 275 28 view .LVU2181
	cmpq	%rcx, %r14
	jnb	.L431
.L430:
	.loc 1 276 13 is_stmt 1 view .LVU2182
.LVL557:
.LBB1464:
.LBI1455:
	.loc 1 259 20 view .LVU2183
.LBB1461:
	.loc 1 260 5 view .LVU2184
	.loc 1 260 11 is_stmt 0 view .LVU2185
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL558:
	.loc 1 261 5 is_stmt 1 view .LVU2186
.LBB1460:
.LBI1457:
	.loc 1 134 20 view .LVU2187
.LBB1459:
	.loc 1 135 5 view .LVU2188
	.loc 1 135 11 is_stmt 0 view .LVU2189
	cmpq	$0, 72(%r13)
	movq	%rbp, %r9
	je	.L429
	movq	64(%r13), %r9
.L429:
	.loc 1 135 11 view .LVU2190
	cmpq	$0, 24(%r13)
	movq	%rbp, %r8
	je	.L432
	movq	16(%r13), %r8
.L432:
	movq	stderr(%rip), %rdi
	movl	0(%r13), %ecx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	104(%r13), %rdx
	call	fprintf@PLT
.LVL559:
	.loc 1 135 11 view .LVU2191
.LBE1459:
.LBE1460:
	.loc 1 262 5 is_stmt 1 view .LVU2192
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL560:
.L431:
	.loc 1 262 5 is_stmt 0 view .LVU2193
.LBE1461:
.LBE1464:
	.loc 1 278 9 is_stmt 1 view .LVU2194
	.loc 1 278 15 is_stmt 0 view .LVU2195
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL561:
.LBE1466:
	.loc 1 268 5 is_stmt 1 view .LVU2196
.L418:
	.loc 1 268 5 view .LVU2197
.LBB1467:
	.loc 1 269 9 view .LVU2198
	.loc 1 269 76 is_stmt 0 view .LVU2199
	cmpq	$0, 72(%r13)
	je	.L425
	.loc 1 269 69 view .LVU2200
	movq	88(%r13), %r15
	.loc 1 269 76 view .LVU2201
	movq	64(%r13), %r12
	.loc 1 270 29 view .LVU2202
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2203
	addq	%r15, %r12
.LVL562:
	.loc 1 270 9 is_stmt 1 view .LVU2204
	.loc 1 270 29 is_stmt 0 view .LVU2205
	movq	%r12, %rdi
	call	strstr@PLT
.LVL563:
	.loc 1 271 9 is_stmt 1 view .LVU2206
	.loc 1 271 12 is_stmt 0 view .LVU2207
	testq	%rax, %rax
	je	.L425
	.loc 1 272 44 view .LVU2208
	movq	%r15, %r14
.LVL564:
	.loc 1 272 44 view .LVU2209
	subq	%r12, %rax
.LVL565:
	.loc 1 272 44 view .LVU2210
.LBE1467:
.LBE1471:
.LBE1475:
.LBE1481:
	.loc 2 140 18 view .LVU2211
	movq	process_folder(%rip), %rdi
.LBB1482:
.LBB1476:
.LBB1472:
.LBB1468:
	.loc 1 272 44 view .LVU2212
	movq	8(%rsp), %r15
	.loc 1 272 13 is_stmt 1 view .LVU2213
	.loc 1 272 26 is_stmt 0 view .LVU2214
	leaq	7(%r14,%rax), %rax
.LBE1468:
.LBE1472:
.LBE1476:
.LBE1482:
	.loc 2 142 5 view .LVU2215
	leaq	.LC37(%rip), %rbp
.LBB1483:
.LBB1477:
.LBB1473:
.LBB1469:
	.loc 1 272 26 view .LVU2216
	movq	%rax, 88(%r13)
	.loc 1 273 13 is_stmt 1 view .LVU2217
.LVL566:
	.loc 1 273 13 is_stmt 0 view .LVU2218
.LBE1469:
.LBE1473:
.LBE1477:
.LBE1483:
	.loc 2 139 5 is_stmt 1 view .LVU2219
	.loc 2 140 5 view .LVU2220
	.loc 2 140 18 is_stmt 0 view .LVU2221
	leaq	.LC36(%rip), %r13
	movq	%r13, %rsi
	call	support_path@PLT
.LVL567:
	.loc 2 141 21 view .LVU2222
	leaq	.LC82(%rip), %rsi
	movq	%rax, %rdi
	.loc 2 140 18 view .LVU2223
	movq	%rax, %r12
.LVL568:
	.loc 2 141 5 is_stmt 1 view .LVU2224
	.loc 2 141 21 is_stmt 0 view .LVU2225
	call	fopen64@PLT
.LVL569:
	.loc 2 142 5 view .LVU2226
	movq	%rbp, %rdx
	movl	$142, %ecx
	movq	%r13, %rsi
	.loc 2 141 21 view .LVU2227
	movq	%rax, %rbx
.LVL570:
	.loc 2 142 5 is_stmt 1 view .LVU2228
	movq	%rax, %rdi
	call	_assert_true@PLT
.LVL571:
	.loc 2 143 5 view .LVU2229
	movq	%rbx, %rsi
	leaq	join.1(%rip), %rdi
	call	fputs@PLT
.LVL572:
	movq	%rbp, %rdx
	movl	$143, %ecx
	movl	$1, %esi
	movslq	%eax, %rdi
	notq	%rdi
	shrq	$63, %rdi
	call	_assert_int_equal@PLT
.LVL573:
	.loc 2 144 5 view .LVU2230
	movq	%rbx, %rdi
	leaq	.LC83(%rip), %rbx
.LVL574:
	.loc 2 144 5 is_stmt 0 view .LVU2231
	call	fclose@PLT
.LVL575:
	.loc 2 144 5 view .LVU2232
	movq	%rbp, %rdx
	movl	$144, %ecx
	xorl	%esi, %esi
	movslq	%eax, %rdi
.LBB1484:
.LBB1485:
.LBB1486:
.LBB1487:
.LBB1488:
.LBB1489:
.LBB1490:
.LBB1491:
	.loc 1 135 11 view .LVU2233
	leaq	.LC28(%rip), %rbp
.LBE1491:
.LBE1490:
.LBE1489:
.LBE1488:
.LBE1487:
.LBE1486:
.LBE1485:
.LBE1484:
	.loc 2 144 5 view .LVU2234
	call	_assert_int_equal@PLT
.LVL576:
	.loc 2 145 5 is_stmt 1 view .LVU2235
	movq	%r12, %rdi
.LBB1508:
.LBB1506:
.LBB1504:
.LBB1498:
.LBB1499:
	.loc 1 82 64 is_stmt 0 view .LVU2236
	movabsq	$4835703278458516699, %r12
.LVL577:
	.loc 1 82 64 view .LVU2237
.LBE1499:
.LBE1498:
.LBE1504:
.LBE1506:
.LBE1508:
	.loc 2 145 5 view .LVU2238
	call	free@PLT
.LVL578:
	.loc 2 146 5 is_stmt 1 view .LVU2239
.LBB1509:
.LBI1484:
	.loc 1 286 20 view .LVU2240
	.loc 1 287 5 view .LVU2241
.LBB1507:
.LBI1485:
	.loc 1 266 20 view .LVU2242
.LBB1505:
	.loc 1 267 5 view .LVU2243
.LBB1501:
.LBI1498:
	.loc 1 79 24 view .LVU2244
.LBB1500:
	.loc 1 80 5 view .LVU2245
	.loc 1 81 5 view .LVU2246
	.loc 1 81 11 is_stmt 0 view .LVU2247
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL579:
	.loc 1 82 5 is_stmt 1 view .LVU2248
	.loc 1 82 64 is_stmt 0 view .LVU2249
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2250
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2251
	shrq	$18, %rdx
.LBE1500:
.LBE1501:
	.loc 1 267 14 view .LVU2252
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL580:
	.loc 1 267 14 view .LVU2253
	jmp	.L426
.LVL581:
	.p2align 4,,10
	.p2align 3
.L433:
.LBB1502:
	.loc 1 275 9 is_stmt 1 view .LVU2254
	.loc 1 275 12 is_stmt 0 view .LVU2255
	movl	56(%r15), %eax
	testl	%eax, %eax
	js	.L437
.LBB1495:
.LBI1495:
	.loc 1 79 24 is_stmt 1 view .LVU2256
.LBB1496:
	.loc 1 80 5 view .LVU2257
	.loc 1 81 5 view .LVU2258
	.loc 1 81 11 is_stmt 0 view .LVU2259
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL582:
	.loc 1 82 5 is_stmt 1 view .LVU2260
	.loc 1 82 64 is_stmt 0 view .LVU2261
	movq	%r12, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2262
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2263
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2264
	addq	%rdx, %rcx
.LBE1496:
.LBE1495:
	.loc 1 275 28 view .LVU2265
	cmpq	%rcx, 8(%rsp)
	jnb	.L438
.L437:
	.loc 1 276 13 is_stmt 1 view .LVU2266
.LVL583:
.LBB1497:
.LBI1488:
	.loc 1 259 20 view .LVU2267
.LBB1494:
	.loc 1 260 5 view .LVU2268
	.loc 1 260 11 is_stmt 0 view .LVU2269
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL584:
	.loc 1 261 5 is_stmt 1 view .LVU2270
.LBB1493:
.LBI1490:
	.loc 1 134 20 view .LVU2271
.LBB1492:
	.loc 1 135 5 view .LVU2272
	.loc 1 135 11 is_stmt 0 view .LVU2273
	cmpq	$0, 72(%r15)
	movq	%rbp, %r9
	je	.L436
	movq	64(%r15), %r9
.L436:
	.loc 1 135 11 view .LVU2274
	cmpq	$0, 24(%r15)
	movq	%rbp, %r8
	je	.L439
	movq	16(%r15), %r8
.L439:
	movl	(%r15), %ecx
	movq	104(%r15), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL585:
	.loc 1 135 11 view .LVU2275
.LBE1492:
.LBE1493:
	.loc 1 262 5 is_stmt 1 view .LVU2276
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL586:
.L438:
	.loc 1 262 5 is_stmt 0 view .LVU2277
.LBE1494:
.LBE1497:
	.loc 1 278 9 is_stmt 1 view .LVU2278
	.loc 1 278 15 is_stmt 0 view .LVU2279
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL587:
.LBE1502:
	.loc 1 268 5 is_stmt 1 view .LVU2280
.L426:
	.loc 1 268 5 view .LVU2281
.LBB1503:
	.loc 1 269 9 view .LVU2282
	.loc 1 269 76 is_stmt 0 view .LVU2283
	cmpq	$0, 72(%r15)
	je	.L433
	.loc 1 269 69 view .LVU2284
	movq	88(%r15), %r13
	.loc 1 269 76 view .LVU2285
	movq	64(%r15), %r14
	.loc 1 270 29 view .LVU2286
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2287
	addq	%r13, %r14
.LVL588:
	.loc 1 270 9 is_stmt 1 view .LVU2288
	.loc 1 270 29 is_stmt 0 view .LVU2289
	movq	%r14, %rdi
	call	strstr@PLT
.LVL589:
	.loc 1 271 9 is_stmt 1 view .LVU2290
	.loc 1 271 12 is_stmt 0 view .LVU2291
	testq	%rax, %rax
	je	.L433
	.loc 1 272 13 is_stmt 1 view .LVU2292
	.loc 1 272 44 is_stmt 0 view .LVU2293
	subq	%r14, %rax
.LVL590:
	.loc 1 272 26 view .LVU2294
	leaq	50(%r13,%rax), %rax
	movq	%rax, 88(%r15)
	.loc 1 273 13 is_stmt 1 view .LVU2295
.LVL591:
	.loc 1 273 13 is_stmt 0 view .LVU2296
.LBE1503:
.LBE1505:
.LBE1507:
.LBE1509:
	.loc 2 147 1 view .LVU2297
	movq	152(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L459
	addq	$168, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
.LVL592:
	.loc 2 147 1 view .LVU2298
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
.LVL593:
.L459:
	.cfi_restore_state
	.loc 2 147 1 view .LVU2299
	call	__stack_chk_fail@PLT
.LVL594:
	.cfi_endproc
.LFE76:
	.size	a_changed_line_does_not_hide_a_second_device, .-a_changed_line_does_not_hide_a_second_device
	.section	.rodata.str1.1
.LC84:
	.string	"crash\n"
.LC85:
	.string	"it left the network"
	.text
	.p2align 4
	.type	a_crash_says_nothing_and_others_notice, @function
a_crash_says_nothing_and_others_notice:
.LVL595:
.LFB72:
	.loc 2 81 66 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 81 66 is_stmt 0 view .LVU2301
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB1592:
.LBB1593:
	.loc 1 410 30 view .LVU2302
	leaq	.LC35(%rip), %rsi
	pxor	%xmm0, %xmm0
.LBE1593:
.LBE1592:
	.loc 2 81 66 view .LVU2303
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	leaq	.LC51(%rip), %r12
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
.LBB1632:
.LBB1629:
.LBB1594:
.LBB1595:
.LBB1596:
.LBB1597:
.LBB1598:
.LBB1599:
.LBB1600:
.LBB1601:
	.loc 1 135 11 view .LVU2304
	leaq	.LC28(%rip), %rbx
.LBE1601:
.LBE1600:
.LBE1599:
.LBE1598:
.LBE1597:
.LBE1596:
.LBE1595:
.LBE1594:
.LBE1629:
.LBE1632:
	.loc 2 81 66 view .LVU2305
	subq	$136, %rsp
	.cfi_def_cfa_offset 192
	.loc 2 81 66 view .LVU2306
	movq	%fs:40, %rax
	movq	%rax, 120(%rsp)
	xorl	%eax, %eax
	.loc 2 82 5 is_stmt 1 view .LVU2307
	.loc 2 83 5 view .LVU2308
.LBB1633:
.LBI1592:
	.loc 1 409 31 view .LVU2309
.LVL596:
.LBB1630:
	.loc 1 410 5 view .LVU2310
	.loc 1 410 30 is_stmt 0 view .LVU2311
	movq	process_folder(%rip), %rax
	movaps	%xmm0, 64(%rsp)
	movq	%rsi, %xmm0
	movq	$0, 104(%rsp)
.LBB1625:
.LBB1621:
.LBB1617:
.LBB1608:
.LBB1609:
	.loc 1 81 11 view .LVU2312
	leaq	32(%rsp), %r15
.LBE1609:
.LBE1608:
.LBE1617:
.LBE1621:
.LBE1625:
	.loc 1 410 30 view .LVU2313
	movq	%rax, 48(%rsp)
	leaq	.LC38(%rip), %rax
	movq	%rax, %xmm1
	leaq	.LC42(%rip), %rax
	movq	%rax, 96(%rsp)
	leaq	80(%rsp), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 24(%rsp)
	movq	%rax, 56(%rsp)
	leaq	48(%rsp), %rax
	movq	%rax, %rdi
.LVL597:
	.loc 1 410 30 view .LVU2314
	movaps	%xmm0, 80(%rsp)
	movq	%rax, 8(%rsp)
	call	process_start_with
.LVL598:
.LBB1626:
.LBB1622:
.LBB1618:
.LBB1612:
.LBB1610:
	.loc 1 81 11 view .LVU2315
	movq	%r15, %rsi
	movl	$1, %edi
.LBE1610:
.LBE1612:
.LBE1618:
.LBE1622:
.LBE1626:
	.loc 1 410 30 view .LVU2316
	movq	%rax, %rbp
.LVL599:
	.loc 1 411 5 is_stmt 1 view .LVU2317
.LBB1627:
.LBI1594:
	.loc 1 286 20 view .LVU2318
	.loc 1 287 5 view .LVU2319
.LBB1623:
.LBI1595:
	.loc 1 266 20 view .LVU2320
.LBB1619:
	.loc 1 267 5 view .LVU2321
.LBB1613:
.LBI1608:
	.loc 1 79 24 view .LVU2322
.LBB1611:
	.loc 1 80 5 view .LVU2323
	.loc 1 81 5 view .LVU2324
	.loc 1 81 11 is_stmt 0 view .LVU2325
	call	clock_gettime@PLT
.LVL600:
	.loc 1 82 5 is_stmt 1 view .LVU2326
	.loc 1 82 64 is_stmt 0 view .LVU2327
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU2328
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2329
	shrq	$18, %rdx
.LBE1611:
.LBE1613:
	.loc 1 267 14 view .LVU2330
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL601:
	.loc 1 267 14 view .LVU2331
	jmp	.L469
.LVL602:
	.p2align 4,,10
	.p2align 3
.L461:
.LBB1614:
	.loc 1 275 9 is_stmt 1 view .LVU2332
	.loc 1 275 12 is_stmt 0 view .LVU2333
	movl	56(%rbp), %esi
	testl	%esi, %esi
	js	.L466
.LBB1605:
.LBI1605:
	.loc 1 79 24 is_stmt 1 view .LVU2334
.LBB1606:
	.loc 1 80 5 view .LVU2335
	.loc 1 81 5 view .LVU2336
	.loc 1 81 11 is_stmt 0 view .LVU2337
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL603:
	.loc 1 82 5 is_stmt 1 view .LVU2338
	.loc 1 82 64 is_stmt 0 view .LVU2339
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU2340
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2341
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2342
	addq	%rdx, %rcx
.LBE1606:
.LBE1605:
	.loc 1 275 28 view .LVU2343
	cmpq	%rcx, 16(%rsp)
	jnb	.L467
.L466:
	.loc 1 276 13 is_stmt 1 view .LVU2344
.LVL604:
.LBB1607:
.LBI1598:
	.loc 1 259 20 view .LVU2345
.LBB1604:
	.loc 1 260 5 view .LVU2346
	.loc 1 260 11 is_stmt 0 view .LVU2347
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL605:
	.loc 1 261 5 is_stmt 1 view .LVU2348
.LBB1603:
.LBI1600:
	.loc 1 134 20 view .LVU2349
.LBB1602:
	.loc 1 135 5 view .LVU2350
	.loc 1 135 11 is_stmt 0 view .LVU2351
	cmpq	$0, 72(%rbp)
	movq	%rbx, %r9
	je	.L465
	movq	64(%rbp), %r9
.L465:
	.loc 1 135 11 view .LVU2352
	cmpq	$0, 24(%rbp)
	movq	%rbx, %r8
	je	.L468
	movq	16(%rbp), %r8
.L468:
	movl	0(%rbp), %ecx
	movq	104(%rbp), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL606:
	.loc 1 135 11 view .LVU2353
.LBE1602:
.LBE1603:
	.loc 1 262 5 is_stmt 1 view .LVU2354
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL607:
.L467:
	.loc 1 262 5 is_stmt 0 view .LVU2355
.LBE1604:
.LBE1607:
	.loc 1 278 9 is_stmt 1 view .LVU2356
	.loc 1 278 15 is_stmt 0 view .LVU2357
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL608:
.LBE1614:
	.loc 1 268 5 is_stmt 1 view .LVU2358
.L469:
	.loc 1 268 5 view .LVU2359
.LBB1615:
	.loc 1 269 9 view .LVU2360
	.loc 1 269 76 is_stmt 0 view .LVU2361
	cmpq	$0, 72(%rbp)
	je	.L461
	.loc 1 269 69 view .LVU2362
	movq	88(%rbp), %r13
	.loc 1 269 76 view .LVU2363
	movq	64(%rbp), %r14
	.loc 1 270 29 view .LVU2364
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU2365
	addq	%r13, %r14
.LVL609:
	.loc 1 270 9 is_stmt 1 view .LVU2366
	.loc 1 270 29 is_stmt 0 view .LVU2367
	movq	%r14, %rdi
	call	strstr@PLT
.LVL610:
	.loc 1 271 9 is_stmt 1 view .LVU2368
	.loc 1 271 12 is_stmt 0 view .LVU2369
	testq	%rax, %rax
	je	.L461
	.loc 1 272 13 is_stmt 1 view .LVU2370
	.loc 1 272 44 is_stmt 0 view .LVU2371
	movq	%r14, %rsi
.LBE1615:
.LBE1619:
.LBE1623:
.LBE1627:
.LBE1630:
.LBE1633:
.LBB1634:
.LBB1635:
	.loc 1 403 30 view .LVU2372
	movq	8(%rsp), %rdi
	pxor	%xmm0, %xmm0
.LBE1635:
.LBE1634:
.LBB1697:
.LBB1631:
.LBB1628:
.LBB1624:
.LBB1620:
.LBB1616:
	.loc 1 272 44 view .LVU2373
	subq	%rsi, %rax
.LVL611:
	.loc 1 272 26 view .LVU2374
	leaq	16(%r13,%rax), %rax
	movq	%rax, 88(%rbp)
	.loc 1 273 13 is_stmt 1 view .LVU2375
.LVL612:
	.loc 1 273 13 is_stmt 0 view .LVU2376
.LBE1616:
.LBE1620:
.LBE1624:
.LBE1628:
	.loc 1 412 5 is_stmt 1 view .LVU2377
	.loc 1 412 5 is_stmt 0 view .LVU2378
.LBE1631:
.LBE1697:
	.loc 2 84 5 is_stmt 1 view .LVU2379
.LBB1698:
.LBI1634:
	.loc 1 402 31 view .LVU2380
.LBB1695:
	.loc 1 403 5 view .LVU2381
	.loc 1 403 30 is_stmt 0 view .LVU2382
	movq	process_folder(%rip), %rax
	movaps	%xmm0, 64(%rsp)
	movq	%rax, 48(%rsp)
	leaq	.LC39(%rip), %rax
	movq	%rax, 80(%rsp)
	movq	24(%rsp), %rax
	movq	$0, 88(%rsp)
	movq	%rax, 56(%rsp)
	call	process_start_with
.LVL613:
.LBB1636:
.LBB1637:
.LBB1638:
.LBB1639:
.LBB1640:
	.loc 1 81 11 view .LVU2383
	movq	%r15, %rsi
	movl	$1, %edi
.LBE1640:
.LBE1639:
.LBE1638:
.LBE1637:
.LBE1636:
	.loc 1 403 30 view .LVU2384
	movq	%rax, %rbx
.LVL614:
	.loc 1 404 5 is_stmt 1 view .LVU2385
.LBB1662:
.LBI1636:
	.loc 1 286 20 view .LVU2386
	.loc 1 287 5 view .LVU2387
.LBB1658:
.LBI1637:
	.loc 1 266 20 view .LVU2388
.LBB1654:
	.loc 1 267 5 view .LVU2389
.LBB1642:
.LBI1639:
	.loc 1 79 24 view .LVU2390
.LBB1641:
	.loc 1 80 5 view .LVU2391
	.loc 1 81 5 view .LVU2392
	.loc 1 81 11 is_stmt 0 view .LVU2393
	call	clock_gettime@PLT
.LVL615:
	.loc 1 82 5 is_stmt 1 view .LVU2394
	movq	%rbp, 16(%rsp)
	.loc 1 82 64 is_stmt 0 view .LVU2395
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU2396
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2397
	shrq	$18, %rdx
.LBE1641:
.LBE1642:
	.loc 1 267 14 view .LVU2398
	leaq	120000(%rcx,%rdx), %r13
.LVL616:
	.loc 1 267 14 view .LVU2399
	jmp	.L462
.LVL617:
	.p2align 4,,10
	.p2align 3
.L470:
.LBB1643:
	.loc 1 275 9 is_stmt 1 view .LVU2400
	.loc 1 275 12 is_stmt 0 view .LVU2401
	movl	56(%rbx), %ecx
	testl	%ecx, %ecx
	js	.L475
.LBB1644:
.LBI1644:
	.loc 1 79 24 is_stmt 1 view .LVU2402
.LBB1645:
	.loc 1 80 5 view .LVU2403
	.loc 1 81 5 view .LVU2404
	.loc 1 81 11 is_stmt 0 view .LVU2405
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL618:
	.loc 1 82 5 is_stmt 1 view .LVU2406
	.loc 1 82 64 is_stmt 0 view .LVU2407
	movabsq	$4835703278458516699, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU2408
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2409
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2410
	addq	%rdx, %rcx
.LBE1645:
.LBE1644:
	.loc 1 275 28 view .LVU2411
	cmpq	%rcx, %r13
	jnb	.L476
.L475:
	.loc 1 276 13 is_stmt 1 view .LVU2412
.LVL619:
.LBB1646:
.LBI1646:
	.loc 1 259 20 view .LVU2413
.LBB1647:
	.loc 1 260 5 view .LVU2414
	.loc 1 260 11 is_stmt 0 view .LVU2415
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL620:
	.loc 1 261 5 is_stmt 1 view .LVU2416
.LBB1648:
.LBI1648:
	.loc 1 134 20 view .LVU2417
.LBB1649:
	.loc 1 135 5 view .LVU2418
	.loc 1 135 11 is_stmt 0 view .LVU2419
	cmpq	$0, 72(%rbx)
	leaq	.LC28(%rip), %r9
	je	.L474
	movq	64(%rbx), %r9
.L474:
	.loc 1 135 11 view .LVU2420
	cmpq	$0, 24(%rbx)
	leaq	.LC28(%rip), %r8
	je	.L477
	movq	16(%rbx), %r8
.L477:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL621:
	.loc 1 135 11 view .LVU2421
.LBE1649:
.LBE1648:
	.loc 1 262 5 is_stmt 1 view .LVU2422
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL622:
.L476:
	.loc 1 262 5 is_stmt 0 view .LVU2423
.LBE1647:
.LBE1646:
	.loc 1 278 9 is_stmt 1 view .LVU2424
	.loc 1 278 15 is_stmt 0 view .LVU2425
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL623:
.LBE1643:
	.loc 1 268 5 is_stmt 1 view .LVU2426
.L462:
	.loc 1 268 5 view .LVU2427
.LBB1650:
	.loc 1 269 9 view .LVU2428
	.loc 1 269 76 is_stmt 0 view .LVU2429
	cmpq	$0, 72(%rbx)
	je	.L470
	.loc 1 269 69 view .LVU2430
	movq	88(%rbx), %rbp
	.loc 1 269 76 view .LVU2431
	movq	64(%rbx), %r14
	.loc 1 270 29 view .LVU2432
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU2433
	addq	%rbp, %r14
.LVL624:
	.loc 1 270 9 is_stmt 1 view .LVU2434
	.loc 1 270 29 is_stmt 0 view .LVU2435
	movq	%r14, %rdi
	call	strstr@PLT
.LVL625:
	.loc 1 271 9 is_stmt 1 view .LVU2436
	.loc 1 271 12 is_stmt 0 view .LVU2437
	testq	%rax, %rax
	je	.L470
	.loc 1 272 44 view .LVU2438
	movq	%r14, %r13
.LVL626:
	.loc 1 272 44 view .LVU2439
	movq	%rbp, %r14
.LVL627:
	.loc 1 272 44 view .LVU2440
.LBE1650:
.LBE1654:
.LBE1658:
.LBE1662:
.LBB1663:
.LBB1664:
.LBB1665:
.LBB1666:
.LBB1667:
	.loc 1 81 11 view .LVU2441
	movq	%r15, %rsi
	movl	$1, %edi
.LBE1667:
.LBE1666:
.LBE1665:
.LBE1664:
.LBE1663:
.LBB1688:
.LBB1659:
.LBB1655:
.LBB1651:
	.loc 1 272 44 view .LVU2442
	subq	%r13, %rax
.LVL628:
	.loc 1 272 44 view .LVU2443
	movq	16(%rsp), %rbp
	.loc 1 272 13 is_stmt 1 view .LVU2444
.LBE1651:
.LBE1655:
.LBE1659:
.LBE1688:
.LBB1689:
.LBB1684:
.LBB1680:
	.loc 1 234 14 is_stmt 0 view .LVU2445
	movl	$5, %r12d
	leaq	.LC56(%rip), %r13
.LVL629:
	.loc 1 234 14 view .LVU2446
.LBE1680:
.LBE1684:
.LBE1689:
.LBB1690:
.LBB1660:
.LBB1656:
.LBB1652:
	.loc 1 272 26 view .LVU2447
	leaq	16(%r14,%rax), %rax
.LBE1652:
.LBE1656:
.LBE1660:
.LBE1690:
.LBB1691:
.LBB1685:
.LBB1681:
.LBB1670:
.LBB1668:
	.loc 1 82 64 view .LVU2448
	movabsq	$4835703278458516699, %r14
.LBE1668:
.LBE1670:
.LBE1681:
.LBE1685:
.LBE1691:
.LBB1692:
.LBB1661:
.LBB1657:
.LBB1653:
	.loc 1 272 26 view .LVU2449
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2450
.LVL630:
	.loc 1 273 13 is_stmt 0 view .LVU2451
.LBE1653:
.LBE1657:
.LBE1661:
.LBE1692:
	.loc 1 405 5 is_stmt 1 view .LVU2452
.LBB1693:
.LBI1663:
	.loc 1 248 20 view .LVU2453
	.loc 1 249 5 view .LVU2454
.LBB1686:
.LBI1664:
	.loc 1 233 20 view .LVU2455
.LBB1682:
	.loc 1 234 5 view .LVU2456
.LBB1671:
.LBI1666:
	.loc 1 79 24 view .LVU2457
.LBB1669:
	.loc 1 80 5 view .LVU2458
	.loc 1 81 5 view .LVU2459
	.loc 1 81 11 is_stmt 0 view .LVU2460
	call	clock_gettime@PLT
.LVL631:
	.loc 1 82 5 is_stmt 1 view .LVU2461
	.loc 1 82 64 is_stmt 0 view .LVU2462
	movq	%r14, %rax
	mulq	40(%rsp)
	.loc 1 82 33 view .LVU2463
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2464
	shrq	$18, %rdx
.LBE1669:
.LBE1671:
	.loc 1 234 14 view .LVU2465
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL632:
	.loc 1 235 5 is_stmt 1 view .LVU2466
	.loc 1 235 23 view .LVU2467
	.p2align 4,,10
	.p2align 3
.L471:
.LBB1672:
	.loc 1 236 9 view .LVU2468
	.loc 1 236 24 is_stmt 0 view .LVU2469
	movl	4(%rbx), %edi
	movq	%r12, %rdx
	movq	%r13, %rsi
	call	write@PLT
.LVL633:
	.loc 1 237 9 is_stmt 1 view .LVU2470
	.loc 1 237 12 is_stmt 0 view .LVU2471
	testq	%rax, %rax
	jle	.L478
	.loc 1 238 13 is_stmt 1 view .LVU2472
	.loc 1 238 43 is_stmt 0 view .LVU2473
	addq	%rax, %r13
.LVL634:
	.loc 1 238 43 view .LVU2474
.LBE1672:
	.loc 1 235 23 is_stmt 1 view .LVU2475
	subq	%rax, %r12
.LVL635:
	.loc 1 235 23 is_stmt 0 view .LVU2476
	jne	.L471
.LVL636:
.L480:
	.loc 1 235 23 view .LVU2477
.LBE1682:
.LBE1686:
.LBE1693:
	.loc 1 406 5 is_stmt 1 view .LVU2478
	.loc 1 406 5 is_stmt 0 view .LVU2479
.LBE1695:
.LBE1698:
	.loc 2 85 5 is_stmt 1 view .LVU2480
.LBB1699:
.LBI1699:
	.loc 1 286 20 view .LVU2481
	.loc 1 287 5 view .LVU2482
.LBB1700:
.LBI1700:
	.loc 1 266 20 view .LVU2483
.LBB1701:
	.loc 1 267 5 view .LVU2484
.LBB1702:
.LBI1702:
	.loc 1 79 24 view .LVU2485
.LBB1703:
	.loc 1 80 5 view .LVU2486
	.loc 1 81 5 view .LVU2487
	.loc 1 81 11 is_stmt 0 view .LVU2488
	movq	8(%rsp), %rsi
	movl	$1, %edi
	leaq	.LC60(%rip), %r12
.LBE1703:
.LBE1702:
.LBB1705:
.LBB1706:
.LBB1707:
.LBB1708:
.LBB1709:
	.loc 1 135 11 view .LVU2489
	leaq	.LC28(%rip), %r13
.LBE1709:
.LBE1708:
.LBE1707:
.LBE1706:
.LBE1705:
.LBB1716:
.LBB1704:
	.loc 1 81 11 view .LVU2490
	call	clock_gettime@PLT
.LVL637:
	.loc 1 82 5 is_stmt 1 view .LVU2491
	movq	%rbp, 16(%rsp)
	.loc 1 82 64 is_stmt 0 view .LVU2492
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2493
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2494
	shrq	$18, %rdx
.LBE1704:
.LBE1716:
	.loc 1 267 14 view .LVU2495
	leaq	120000(%rcx,%rdx), %rax
.LVL638:
	.loc 1 267 14 view .LVU2496
	movq	%rax, %r15
	jmp	.L482
.LVL639:
	.p2align 4,,10
	.p2align 3
.L483:
.LBB1717:
	.loc 1 275 9 is_stmt 1 view .LVU2497
	.loc 1 275 12 is_stmt 0 view .LVU2498
	movl	56(%rbx), %edx
	testl	%edx, %edx
	js	.L488
.LBB1713:
.LBI1713:
	.loc 1 79 24 is_stmt 1 view .LVU2499
.LBB1714:
	.loc 1 80 5 view .LVU2500
	.loc 1 81 5 view .LVU2501
	.loc 1 81 11 is_stmt 0 view .LVU2502
	movq	8(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL640:
	.loc 1 82 5 is_stmt 1 view .LVU2503
	.loc 1 82 64 is_stmt 0 view .LVU2504
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2505
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2506
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2507
	addq	%rdx, %rcx
.LBE1714:
.LBE1713:
	.loc 1 275 28 view .LVU2508
	cmpq	%rcx, %r15
	jnb	.L489
.L488:
	.loc 1 276 13 is_stmt 1 view .LVU2509
.LVL641:
.LBB1715:
.LBI1706:
	.loc 1 259 20 view .LVU2510
.LBB1712:
	.loc 1 260 5 view .LVU2511
	.loc 1 260 11 is_stmt 0 view .LVU2512
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL642:
	.loc 1 261 5 is_stmt 1 view .LVU2513
.LBB1711:
.LBI1708:
	.loc 1 134 20 view .LVU2514
.LBB1710:
	.loc 1 135 5 view .LVU2515
	.loc 1 135 11 is_stmt 0 view .LVU2516
	cmpq	$0, 72(%rbx)
	movq	%r13, %r9
	je	.L487
	movq	64(%rbx), %r9
.L487:
	.loc 1 135 11 view .LVU2517
	cmpq	$0, 24(%rbx)
	movq	%r13, %r8
	je	.L490
	movq	16(%rbx), %r8
.L490:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL643:
	.loc 1 135 11 view .LVU2518
.LBE1710:
.LBE1711:
	.loc 1 262 5 is_stmt 1 view .LVU2519
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL644:
.L489:
	.loc 1 262 5 is_stmt 0 view .LVU2520
.LBE1712:
.LBE1715:
	.loc 1 278 9 is_stmt 1 view .LVU2521
	.loc 1 278 15 is_stmt 0 view .LVU2522
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL645:
.LBE1717:
	.loc 1 268 5 is_stmt 1 view .LVU2523
.L482:
	.loc 1 268 5 view .LVU2524
.LBB1718:
	.loc 1 269 9 view .LVU2525
	.loc 1 269 76 is_stmt 0 view .LVU2526
	cmpq	$0, 72(%rbx)
	je	.L483
	.loc 1 269 69 view .LVU2527
	movq	88(%rbx), %rbp
	.loc 1 269 76 view .LVU2528
	movq	64(%rbx), %r14
	.loc 1 270 29 view .LVU2529
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU2530
	addq	%rbp, %r14
.LVL646:
	.loc 1 270 9 is_stmt 1 view .LVU2531
	.loc 1 270 29 is_stmt 0 view .LVU2532
	movq	%r14, %rdi
	call	strstr@PLT
.LVL647:
	.loc 1 271 9 is_stmt 1 view .LVU2533
	.loc 1 271 12 is_stmt 0 view .LVU2534
	testq	%rax, %rax
	je	.L483
	.loc 1 272 44 view .LVU2535
	movq	%rbp, %r15
.LVL648:
	.loc 1 272 44 view .LVU2536
	subq	%r14, %rax
.LVL649:
	.loc 1 272 44 view .LVU2537
.LBE1718:
.LBE1701:
.LBE1700:
.LBE1699:
.LBB1725:
.LBB1726:
.LBB1727:
.LBB1728:
.LBB1729:
	.loc 1 81 11 view .LVU2538
	movq	8(%rsp), %rsi
	movl	$1, %edi
.LBE1729:
.LBE1728:
.LBE1727:
.LBE1726:
.LBE1725:
.LBB1748:
.LBB1723:
.LBB1721:
.LBB1719:
	.loc 1 272 26 view .LVU2539
	leaq	17(%r15,%rax), %rax
	.loc 1 272 44 view .LVU2540
	movq	16(%rsp), %rbp
	.loc 1 272 13 is_stmt 1 view .LVU2541
.LBE1719:
.LBE1721:
.LBE1723:
.LBE1748:
.LBB1749:
.LBB1745:
.LBB1742:
.LBB1733:
.LBB1730:
	.loc 1 82 64 is_stmt 0 view .LVU2542
	movabsq	$4835703278458516699, %r14
.LVL650:
	.loc 1 82 64 view .LVU2543
.LBE1730:
.LBE1733:
	.loc 1 234 14 view .LVU2544
	movl	$6, %r12d
.LBE1742:
.LBE1745:
.LBE1749:
.LBB1750:
.LBB1724:
.LBB1722:
.LBB1720:
	.loc 1 272 26 view .LVU2545
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2546
.LVL651:
	.loc 1 273 13 is_stmt 0 view .LVU2547
.LBE1720:
.LBE1722:
.LBE1724:
.LBE1750:
	.loc 2 86 5 is_stmt 1 view .LVU2548
.LBB1751:
.LBI1725:
	.loc 1 248 20 view .LVU2549
	.loc 1 249 5 view .LVU2550
.LBB1746:
.LBI1726:
	.loc 1 233 20 view .LVU2551
.LBB1743:
	.loc 1 234 5 view .LVU2552
.LBB1734:
.LBI1728:
	.loc 1 79 24 view .LVU2553
.LBB1731:
	.loc 1 80 5 view .LVU2554
	.loc 1 81 5 view .LVU2555
.LBE1731:
.LBE1734:
	.loc 1 234 14 is_stmt 0 view .LVU2556
	leaq	.LC84(%rip), %r13
.LBB1735:
.LBB1732:
	.loc 1 81 11 view .LVU2557
	call	clock_gettime@PLT
.LVL652:
	.loc 1 82 5 is_stmt 1 view .LVU2558
	.loc 1 82 64 is_stmt 0 view .LVU2559
	movq	%r14, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2560
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2561
	shrq	$18, %rdx
.LBE1732:
.LBE1735:
	.loc 1 234 14 view .LVU2562
	leaq	120000(%rcx,%rdx), %r15
.LVL653:
	.loc 1 235 5 is_stmt 1 view .LVU2563
	.loc 1 235 23 view .LVU2564
	.p2align 4,,10
	.p2align 3
.L484:
.LBB1736:
	.loc 1 236 9 view .LVU2565
	.loc 1 236 24 is_stmt 0 view .LVU2566
	movl	4(%rbx), %edi
	movq	%r12, %rdx
	movq	%r13, %rsi
	call	write@PLT
.LVL654:
	.loc 1 237 9 is_stmt 1 view .LVU2567
	.loc 1 237 12 is_stmt 0 view .LVU2568
	testq	%rax, %rax
	jle	.L491
	.loc 1 238 13 is_stmt 1 view .LVU2569
	.loc 1 238 43 is_stmt 0 view .LVU2570
	addq	%rax, %r13
.LVL655:
	.loc 1 238 43 view .LVU2571
.LBE1736:
	.loc 1 235 23 is_stmt 1 view .LVU2572
	subq	%rax, %r12
.LVL656:
	.loc 1 235 23 is_stmt 0 view .LVU2573
	jne	.L484
.LVL657:
.L493:
	.loc 1 235 23 view .LVU2574
.LBE1743:
.LBE1746:
.LBE1751:
	.loc 2 87 5 is_stmt 1 view .LVU2575
	movq	%rbx, %rdi
	movl	$1009, %esi
.LBB1752:
.LBB1753:
.LBB1754:
.LBB1755:
.LBB1756:
	.loc 1 82 64 is_stmt 0 view .LVU2576
	movabsq	$4835703278458516699, %r13
.LBE1756:
.LBE1755:
.LBE1754:
.LBE1753:
.LBE1752:
	.loc 2 87 5 view .LVU2577
	call	process_assert_code
.LVL658:
	.loc 2 88 5 is_stmt 1 view .LVU2578
.LBB1776:
.LBI1752:
	.loc 1 286 20 view .LVU2579
	.loc 1 287 5 view .LVU2580
.LBB1775:
.LBI1753:
	.loc 1 266 20 view .LVU2581
.LBB1774:
	.loc 1 267 5 view .LVU2582
.LBB1759:
.LBI1755:
	.loc 1 79 24 view .LVU2583
.LBB1757:
	.loc 1 80 5 view .LVU2584
	.loc 1 81 5 view .LVU2585
	.loc 1 81 11 is_stmt 0 view .LVU2586
	movq	8(%rsp), %rsi
	movl	$1, %edi
	leaq	.LC85(%rip), %rbx
.LVL659:
	.loc 1 81 11 view .LVU2587
.LBE1757:
.LBE1759:
.LBB1760:
.LBB1761:
.LBB1762:
.LBB1763:
.LBB1764:
	.loc 1 135 11 view .LVU2588
	leaq	.LC28(%rip), %r12
.LBE1764:
.LBE1763:
.LBE1762:
.LBE1761:
.LBE1760:
.LBB1771:
.LBB1758:
	.loc 1 81 11 view .LVU2589
	call	clock_gettime@PLT
.LVL660:
	.loc 1 82 5 is_stmt 1 view .LVU2590
	.loc 1 82 64 is_stmt 0 view .LVU2591
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2592
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2593
	shrq	$18, %rdx
.LBE1758:
.LBE1771:
	.loc 1 267 14 view .LVU2594
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 16(%rsp)
.LVL661:
	.loc 1 267 14 view .LVU2595
	jmp	.L495
.LVL662:
	.p2align 4,,10
	.p2align 3
.L496:
.LBB1772:
	.loc 1 275 9 is_stmt 1 view .LVU2596
	.loc 1 275 12 is_stmt 0 view .LVU2597
	movl	56(%rbp), %eax
	testl	%eax, %eax
	js	.L500
.LBB1768:
.LBI1768:
	.loc 1 79 24 is_stmt 1 view .LVU2598
.LBB1769:
	.loc 1 80 5 view .LVU2599
	.loc 1 81 5 view .LVU2600
	.loc 1 81 11 is_stmt 0 view .LVU2601
	movq	8(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL663:
	.loc 1 82 5 is_stmt 1 view .LVU2602
	.loc 1 82 64 is_stmt 0 view .LVU2603
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2604
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2605
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2606
	addq	%rdx, %rcx
.LBE1769:
.LBE1768:
	.loc 1 275 28 view .LVU2607
	cmpq	%rcx, 16(%rsp)
	jnb	.L501
.L500:
	.loc 1 276 13 is_stmt 1 view .LVU2608
.LVL664:
.LBB1770:
.LBI1761:
	.loc 1 259 20 view .LVU2609
.LBB1767:
	.loc 1 260 5 view .LVU2610
	.loc 1 260 11 is_stmt 0 view .LVU2611
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL665:
	.loc 1 261 5 is_stmt 1 view .LVU2612
.LBB1766:
.LBI1763:
	.loc 1 134 20 view .LVU2613
.LBB1765:
	.loc 1 135 5 view .LVU2614
	.loc 1 135 11 is_stmt 0 view .LVU2615
	cmpq	$0, 72(%rbp)
	movq	%r12, %r9
	je	.L499
	movq	64(%rbp), %r9
.L499:
	.loc 1 135 11 view .LVU2616
	cmpq	$0, 24(%rbp)
	movq	%r12, %r8
	je	.L502
	movq	16(%rbp), %r8
.L502:
	movl	0(%rbp), %ecx
	movq	104(%rbp), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL666:
	.loc 1 135 11 view .LVU2617
.LBE1765:
.LBE1766:
	.loc 1 262 5 is_stmt 1 view .LVU2618
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL667:
.L501:
	.loc 1 262 5 is_stmt 0 view .LVU2619
.LBE1767:
.LBE1770:
	.loc 1 278 9 is_stmt 1 view .LVU2620
	.loc 1 278 15 is_stmt 0 view .LVU2621
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL668:
.LBE1772:
	.loc 1 268 5 is_stmt 1 view .LVU2622
.L495:
	.loc 1 268 5 view .LVU2623
.LBB1773:
	.loc 1 269 9 view .LVU2624
	.loc 1 269 76 is_stmt 0 view .LVU2625
	cmpq	$0, 72(%rbp)
	je	.L496
	.loc 1 269 69 view .LVU2626
	movq	88(%rbp), %r14
	.loc 1 269 76 view .LVU2627
	movq	64(%rbp), %r15
	.loc 1 270 29 view .LVU2628
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2629
	addq	%r14, %r15
.LVL669:
	.loc 1 270 9 is_stmt 1 view .LVU2630
	.loc 1 270 29 is_stmt 0 view .LVU2631
	movq	%r15, %rdi
	call	strstr@PLT
.LVL670:
	.loc 1 271 9 is_stmt 1 view .LVU2632
	.loc 1 271 12 is_stmt 0 view .LVU2633
	testq	%rax, %rax
	je	.L496
	.loc 1 272 13 is_stmt 1 view .LVU2634
	.loc 1 272 44 is_stmt 0 view .LVU2635
	subq	%r15, %rax
.LVL671:
	.loc 1 272 26 view .LVU2636
	leaq	19(%r14,%rax), %rax
	movq	%rax, 88(%rbp)
	.loc 1 273 13 is_stmt 1 view .LVU2637
.LVL672:
	.loc 1 273 13 is_stmt 0 view .LVU2638
.LBE1773:
.LBE1774:
.LBE1775:
.LBE1776:
	.loc 2 89 1 view .LVU2639
	movq	120(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L540
	addq	$136, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL673:
	.loc 2 89 1 view .LVU2640
	ret
.LVL674:
	.p2align 4,,10
	.p2align 3
.L491:
	.cfi_restore_state
.LBB1777:
.LBB1747:
.LBB1744:
.LBB1741:
	.loc 1 239 16 is_stmt 1 view .LVU2641
	.loc 1 239 19 is_stmt 0 view .LVU2642
	je	.L494
	.loc 1 239 32 view .LVU2643
	call	__errno_location@PLT
.LVL675:
	.loc 1 239 32 view .LVU2644
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU2645
	cmpl	$11, %eax
	je	.L494
	cmpl	$4, %eax
	jne	.L493
.L494:
	.loc 1 242 13 is_stmt 1 view .LVU2646
	.loc 1 242 19 is_stmt 0 view .LVU2647
	movl	4(%rbx), %edi
	call	process_pump.constprop.0.isra.0
.LVL676:
	.loc 1 243 13 is_stmt 1 view .LVU2648
.LBB1737:
.LBI1737:
	.loc 1 79 24 view .LVU2649
.LBB1738:
	.loc 1 80 5 view .LVU2650
	.loc 1 81 5 view .LVU2651
	.loc 1 81 11 is_stmt 0 view .LVU2652
	movq	8(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL677:
	.loc 1 82 5 is_stmt 1 view .LVU2653
	.loc 1 82 64 is_stmt 0 view .LVU2654
	movq	%r14, %rax
.LBE1738:
.LBE1737:
	.loc 1 243 13 view .LVU2655
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB1740:
.LBB1739:
	.loc 1 82 64 view .LVU2656
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2657
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2658
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2659
	addq	%rdx, %rcx
.LBE1739:
.LBE1740:
	.loc 1 243 13 view .LVU2660
	leaq	.LC13(%rip), %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL678:
	.loc 1 243 13 view .LVU2661
.LBE1741:
	.loc 1 235 23 is_stmt 1 view .LVU2662
	jmp	.L484
.LVL679:
	.p2align 4,,10
	.p2align 3
.L478:
	.loc 1 235 23 is_stmt 0 view .LVU2663
.LBE1744:
.LBE1747:
.LBE1777:
.LBB1778:
.LBB1696:
.LBB1694:
.LBB1687:
.LBB1683:
.LBB1679:
	.loc 1 239 16 is_stmt 1 view .LVU2664
	.loc 1 239 19 is_stmt 0 view .LVU2665
	je	.L481
	.loc 1 239 32 view .LVU2666
	call	__errno_location@PLT
.LVL680:
	.loc 1 239 32 view .LVU2667
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU2668
	cmpl	$11, %eax
	je	.L481
	cmpl	$4, %eax
	jne	.L480
.L481:
	.loc 1 242 13 is_stmt 1 view .LVU2669
	.loc 1 242 19 is_stmt 0 view .LVU2670
	movl	4(%rbx), %edi
	call	process_pump.constprop.0.isra.0
.LVL681:
	.loc 1 243 13 is_stmt 1 view .LVU2671
.LBB1673:
.LBI1673:
	.loc 1 79 24 view .LVU2672
.LBB1674:
	.loc 1 80 5 view .LVU2673
	.loc 1 81 5 view .LVU2674
	.loc 1 81 11 is_stmt 0 view .LVU2675
	movq	%r15, %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL682:
	.loc 1 82 5 is_stmt 1 view .LVU2676
	.loc 1 82 64 is_stmt 0 view .LVU2677
	movq	%r14, %rax
.LBE1674:
.LBE1673:
	.loc 1 243 13 view .LVU2678
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB1677:
.LBB1675:
	.loc 1 82 64 view .LVU2679
	mulq	40(%rsp)
.LBE1675:
.LBE1677:
	.loc 1 243 13 view .LVU2680
	movq	16(%rsp), %rax
.LBB1678:
.LBB1676:
	.loc 1 82 33 view .LVU2681
	imulq	$1000, 32(%rsp), %rcx
	.loc 1 82 64 view .LVU2682
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2683
	addq	%rdx, %rcx
.LBE1676:
.LBE1678:
	.loc 1 243 13 view .LVU2684
	leaq	.LC13(%rip), %rdx
	cmpq	%rax, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL683:
	.loc 1 243 13 view .LVU2685
.LBE1679:
	.loc 1 235 23 is_stmt 1 view .LVU2686
	jmp	.L471
.LVL684:
.L540:
	.loc 1 235 23 is_stmt 0 view .LVU2687
.LBE1683:
.LBE1687:
.LBE1694:
.LBE1696:
.LBE1778:
	.loc 2 89 1 view .LVU2688
	call	__stack_chk_fail@PLT
.LVL685:
	.cfi_endproc
.LFE72:
	.size	a_crash_says_nothing_and_others_notice, .-a_crash_says_nothing_and_others_notice
	.section	.rodata.str1.8
	.align 8
.LC86:
	.string	"conn\nhold\npubl a 1\npubl a 2\nlist\n"
	.section	.rodata.str1.1
.LC87:
	.string	"step\n"
.LC88:
	.string	"thaw\n"
.LC89:
	.string	"packets that wait: 2"
.LC90:
	.string	"580 published a 1"
	.section	.rodata.str1.8
	.align 8
.LC91:
	.string	"error: step: no packet is held"
	.text
	.p2align 4
	.type	packets_are_held_and_stepped, @function
packets_are_held_and_stepped:
.LVL686:
.LFB69:
	.loc 2 43 56 is_stmt 1 view -0
	.cfi_startproc
	.loc 2 43 56 is_stmt 0 view .LVU2690
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
.LBB1911:
.LBB1912:
	.loc 1 410 30 view .LVU2691
	pxor	%xmm0, %xmm0
.LBE1912:
.LBE1911:
	.loc 2 43 56 view .LVU2692
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
.LBB1958:
.LBB1952:
.LBB1913:
.LBB1914:
.LBB1915:
.LBB1916:
.LBB1917:
	.loc 1 82 64 view .LVU2693
	movabsq	$4835703278458516699, %r13
.LBE1917:
.LBE1916:
.LBE1915:
.LBE1914:
.LBE1913:
.LBE1952:
.LBE1958:
	.loc 2 43 56 view .LVU2694
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
.LBB1959:
.LBB1953:
.LBB1947:
.LBB1942:
.LBB1937:
.LBB1920:
.LBB1921:
.LBB1922:
.LBB1923:
.LBB1924:
	.loc 1 135 11 view .LVU2695
	leaq	.LC28(%rip), %r12
.LBE1924:
.LBE1923:
.LBE1922:
.LBE1921:
.LBE1920:
.LBE1937:
.LBE1942:
.LBE1947:
.LBE1953:
.LBE1959:
	.loc 2 43 56 view .LVU2696
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	leaq	.LC51(%rip), %rbx
	subq	$152, %rsp
	.cfi_def_cfa_offset 208
	movq	%fs:40, %rax
	movq	%rax, 136(%rsp)
	leaq	.LC38(%rip), %rax
.LBB1960:
.LBB1954:
	.loc 1 410 30 view .LVU2697
	movaps	%xmm0, 80(%rsp)
	movq	$0, 120(%rsp)
	movq	%rax, %xmm1
	leaq	.LC39(%rip), %rax
	movq	%rax, %xmm2
	movq	process_folder(%rip), %rax
	punpcklqdq	%xmm1, %xmm2
	movq	%rax, 64(%rsp)
	leaq	.LC35(%rip), %rax
	movq	%rax, %xmm0
	leaq	.LC42(%rip), %rax
	movaps	%xmm2, 16(%rsp)
.LBE1954:
.LBE1960:
	.loc 2 44 5 is_stmt 1 view .LVU2698
	.loc 2 45 5 view .LVU2699
.LBB1961:
.LBI1911:
	.loc 1 409 31 view .LVU2700
.LVL687:
.LBB1955:
	.loc 1 410 5 view .LVU2701
	.loc 1 410 30 is_stmt 0 view .LVU2702
	movq	%rax, 112(%rsp)
	leaq	96(%rsp), %rax
	punpcklqdq	%xmm1, %xmm0
	movq	%rax, 40(%rsp)
	movq	%rax, 72(%rsp)
	leaq	64(%rsp), %rax
	movq	%rax, %rdi
.LVL688:
	.loc 1 410 30 view .LVU2703
	movaps	%xmm0, 96(%rsp)
	movq	%rax, 32(%rsp)
	call	process_start_with
.LVL689:
.LBB1948:
.LBB1943:
.LBB1938:
.LBB1931:
.LBB1918:
	.loc 1 81 11 view .LVU2704
	leaq	48(%rsp), %rsi
	movl	$1, %edi
	movq	%rsi, (%rsp)
.LBE1918:
.LBE1931:
.LBE1938:
.LBE1943:
.LBE1948:
	.loc 1 410 30 view .LVU2705
	movq	%rax, %rbp
.LVL690:
	.loc 1 411 5 is_stmt 1 view .LVU2706
.LBB1949:
.LBI1913:
	.loc 1 286 20 view .LVU2707
	.loc 1 287 5 view .LVU2708
.LBB1944:
.LBI1914:
	.loc 1 266 20 view .LVU2709
.LBB1939:
	.loc 1 267 5 view .LVU2710
.LBB1932:
.LBI1916:
	.loc 1 79 24 view .LVU2711
.LBB1919:
	.loc 1 80 5 view .LVU2712
	.loc 1 81 5 view .LVU2713
	.loc 1 81 11 is_stmt 0 view .LVU2714
	call	clock_gettime@PLT
.LVL691:
	.loc 1 82 5 is_stmt 1 view .LVU2715
	.loc 1 82 64 is_stmt 0 view .LVU2716
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2717
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2718
	shrq	$18, %rdx
.LBE1919:
.LBE1932:
	.loc 1 267 14 view .LVU2719
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL692:
	.loc 1 267 14 view .LVU2720
	jmp	.L550
.LVL693:
	.p2align 4,,10
	.p2align 3
.L542:
.LBB1933:
	.loc 1 275 9 is_stmt 1 view .LVU2721
	.loc 1 275 12 is_stmt 0 view .LVU2722
	movl	56(%rbp), %r8d
	testl	%r8d, %r8d
	js	.L547
.LBB1928:
.LBI1928:
	.loc 1 79 24 is_stmt 1 view .LVU2723
.LBB1929:
	.loc 1 80 5 view .LVU2724
	.loc 1 81 5 view .LVU2725
	.loc 1 81 11 is_stmt 0 view .LVU2726
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL694:
	.loc 1 82 5 is_stmt 1 view .LVU2727
	.loc 1 82 64 is_stmt 0 view .LVU2728
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2729
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2730
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2731
	addq	%rdx, %rcx
.LBE1929:
.LBE1928:
	.loc 1 275 28 view .LVU2732
	cmpq	%rcx, 8(%rsp)
	jnb	.L548
.L547:
	.loc 1 276 13 is_stmt 1 view .LVU2733
.LVL695:
.LBB1930:
.LBI1921:
	.loc 1 259 20 view .LVU2734
.LBB1927:
	.loc 1 260 5 view .LVU2735
	.loc 1 260 11 is_stmt 0 view .LVU2736
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbx, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL696:
	.loc 1 261 5 is_stmt 1 view .LVU2737
.LBB1926:
.LBI1923:
	.loc 1 134 20 view .LVU2738
.LBB1925:
	.loc 1 135 5 view .LVU2739
	.loc 1 135 11 is_stmt 0 view .LVU2740
	cmpq	$0, 72(%rbp)
	movq	%r12, %r9
	je	.L546
	movq	64(%rbp), %r9
.L546:
	.loc 1 135 11 view .LVU2741
	cmpq	$0, 24(%rbp)
	movq	%r12, %r8
	je	.L549
	movq	16(%rbp), %r8
.L549:
	movl	0(%rbp), %ecx
	movq	104(%rbp), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL697:
	.loc 1 135 11 view .LVU2742
.LBE1925:
.LBE1926:
	.loc 1 262 5 is_stmt 1 view .LVU2743
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL698:
.L548:
	.loc 1 262 5 is_stmt 0 view .LVU2744
.LBE1927:
.LBE1930:
	.loc 1 278 9 is_stmt 1 view .LVU2745
	.loc 1 278 15 is_stmt 0 view .LVU2746
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL699:
.LBE1933:
	.loc 1 268 5 is_stmt 1 view .LVU2747
.L550:
	.loc 1 268 5 view .LVU2748
.LBB1934:
	.loc 1 269 9 view .LVU2749
	.loc 1 269 76 is_stmt 0 view .LVU2750
	cmpq	$0, 72(%rbp)
	je	.L542
	.loc 1 269 69 view .LVU2751
	movq	88(%rbp), %r15
	.loc 1 269 76 view .LVU2752
	movq	64(%rbp), %r14
	.loc 1 270 29 view .LVU2753
	movq	%rbx, %rsi
	.loc 1 269 76 view .LVU2754
	addq	%r15, %r14
.LVL700:
	.loc 1 270 9 is_stmt 1 view .LVU2755
	.loc 1 270 29 is_stmt 0 view .LVU2756
	movq	%r14, %rdi
	call	strstr@PLT
.LVL701:
	.loc 1 271 9 is_stmt 1 view .LVU2757
	.loc 1 271 12 is_stmt 0 view .LVU2758
	testq	%rax, %rax
	je	.L542
	.loc 1 272 13 is_stmt 1 view .LVU2759
	.loc 1 272 44 is_stmt 0 view .LVU2760
	subq	%r14, %rax
.LVL702:
	.loc 1 272 44 view .LVU2761
.LBE1934:
.LBE1939:
.LBE1944:
.LBE1949:
.LBE1955:
.LBE1961:
	.loc 2 46 30 view .LVU2762
	movdqa	16(%rsp), %xmm3
	movq	32(%rsp), %rdi
	pxor	%xmm0, %xmm0
.LBB1962:
.LBB1956:
.LBB1950:
.LBB1945:
.LBB1940:
.LBB1935:
	.loc 1 272 26 view .LVU2763
	leaq	16(%r15,%rax), %rax
.LBE1935:
.LBE1940:
.LBE1945:
.LBE1950:
.LBE1956:
.LBE1962:
	.loc 2 46 30 view .LVU2764
	movaps	%xmm0, 80(%rsp)
.LBB1963:
.LBB1964:
.LBB1965:
.LBB1966:
.LBB1967:
	.loc 1 82 64 view .LVU2765
	movabsq	$4835703278458516699, %r14
.LVL703:
	.loc 1 82 64 view .LVU2766
.LBE1967:
.LBE1966:
	.loc 1 234 14 view .LVU2767
	movl	$33, %r12d
.LBE1965:
.LBE1964:
.LBE1963:
.LBB1986:
.LBB1957:
.LBB1951:
.LBB1946:
.LBB1941:
.LBB1936:
	.loc 1 272 26 view .LVU2768
	movq	%rax, 88(%rbp)
	.loc 1 273 13 is_stmt 1 view .LVU2769
.LVL704:
	.loc 1 273 13 is_stmt 0 view .LVU2770
.LBE1936:
.LBE1941:
.LBE1946:
.LBE1951:
	.loc 1 412 5 is_stmt 1 view .LVU2771
	.loc 1 412 5 is_stmt 0 view .LVU2772
.LBE1957:
.LBE1986:
	.loc 2 46 5 is_stmt 1 view .LVU2773
	.loc 2 46 30 is_stmt 0 view .LVU2774
	movq	process_folder(%rip), %rax
.LBB1987:
.LBB1982:
.LBB1978:
	.loc 1 234 14 view .LVU2775
	leaq	.LC86(%rip), %r13
.LBE1978:
.LBE1982:
.LBE1987:
	.loc 2 46 30 view .LVU2776
	movaps	%xmm3, 96(%rsp)
	movq	%rax, 64(%rsp)
	leaq	.LC40(%rip), %rax
	movq	%rax, 112(%rsp)
	movq	40(%rsp), %rax
	movq	$0, 120(%rsp)
	movq	%rax, 72(%rsp)
	call	process_start_with
.LVL705:
.LBB1988:
.LBB1983:
.LBB1979:
.LBB1970:
.LBB1968:
	.loc 1 81 11 view .LVU2777
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE1968:
.LBE1970:
.LBE1979:
.LBE1983:
.LBE1988:
	.loc 2 46 30 view .LVU2778
	movq	%rax, %rbx
.LVL706:
	.loc 2 47 5 is_stmt 1 view .LVU2779
.LBB1989:
.LBI1963:
	.loc 1 248 20 view .LVU2780
	.loc 1 249 5 view .LVU2781
.LBB1984:
.LBI1964:
	.loc 1 233 20 view .LVU2782
.LBB1980:
	.loc 1 234 5 view .LVU2783
.LBB1971:
.LBI1966:
	.loc 1 79 24 view .LVU2784
.LBB1969:
	.loc 1 80 5 view .LVU2785
	.loc 1 81 5 view .LVU2786
	.loc 1 81 11 is_stmt 0 view .LVU2787
	call	clock_gettime@PLT
.LVL707:
	.loc 1 82 5 is_stmt 1 view .LVU2788
	.loc 1 82 64 is_stmt 0 view .LVU2789
	movq	%r14, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2790
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2791
	shrq	$18, %rdx
.LBE1969:
.LBE1971:
	.loc 1 234 14 view .LVU2792
	leaq	120000(%rcx,%rdx), %r15
.LVL708:
	.loc 1 235 5 is_stmt 1 view .LVU2793
	.loc 1 235 23 view .LVU2794
	.p2align 4,,10
	.p2align 3
.L543:
.LBB1972:
	.loc 1 236 9 view .LVU2795
	.loc 1 236 24 is_stmt 0 view .LVU2796
	movl	4(%rbx), %edi
	movq	%r12, %rdx
	movq	%r13, %rsi
	call	write@PLT
.LVL709:
	.loc 1 237 9 is_stmt 1 view .LVU2797
	.loc 1 237 12 is_stmt 0 view .LVU2798
	testq	%rax, %rax
	jle	.L551
	.loc 1 238 13 is_stmt 1 view .LVU2799
	.loc 1 238 43 is_stmt 0 view .LVU2800
	addq	%rax, %r13
.LVL710:
	.loc 1 238 43 view .LVU2801
.LBE1972:
	.loc 1 235 23 is_stmt 1 view .LVU2802
	subq	%rax, %r12
.LVL711:
	.loc 1 235 23 is_stmt 0 view .LVU2803
	jne	.L543
.LVL712:
.L553:
	.loc 1 235 23 view .LVU2804
.LBE1980:
.LBE1984:
.LBE1989:
	.loc 2 48 5 is_stmt 1 view .LVU2805
.LBB1990:
.LBI1990:
	.loc 1 286 20 view .LVU2806
	.loc 1 287 5 view .LVU2807
.LBB1991:
.LBI1991:
	.loc 1 266 20 view .LVU2808
.LBB1992:
	.loc 1 267 5 view .LVU2809
.LBB1993:
.LBI1993:
	.loc 1 79 24 view .LVU2810
.LBB1994:
	.loc 1 80 5 view .LVU2811
	.loc 1 81 5 view .LVU2812
	.loc 1 81 11 is_stmt 0 view .LVU2813
	movq	(%rsp), %rsi
	movl	$1, %edi
	leaq	.LC60(%rip), %r12
.LBE1994:
.LBE1993:
.LBB1996:
.LBB1997:
.LBB1998:
.LBB1999:
.LBB2000:
	.loc 1 135 11 view .LVU2814
	leaq	.LC28(%rip), %r13
.LBE2000:
.LBE1999:
.LBE1998:
.LBE1997:
.LBE1996:
.LBB2007:
.LBB1995:
	.loc 1 81 11 view .LVU2815
	call	clock_gettime@PLT
.LVL713:
	.loc 1 82 5 is_stmt 1 view .LVU2816
	movq	%rbp, 8(%rsp)
	.loc 1 82 64 is_stmt 0 view .LVU2817
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2818
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2819
	shrq	$18, %rdx
.LBE1995:
.LBE2007:
	.loc 1 267 14 view .LVU2820
	leaq	120000(%rcx,%rdx), %r15
.LVL714:
	.loc 1 267 14 view .LVU2821
	jmp	.L555
.LVL715:
	.p2align 4,,10
	.p2align 3
.L556:
.LBB2008:
	.loc 1 275 9 is_stmt 1 view .LVU2822
	.loc 1 275 12 is_stmt 0 view .LVU2823
	movl	56(%rbx), %edi
	testl	%edi, %edi
	js	.L561
.LBB2004:
.LBI2004:
	.loc 1 79 24 is_stmt 1 view .LVU2824
.LBB2005:
	.loc 1 80 5 view .LVU2825
	.loc 1 81 5 view .LVU2826
	.loc 1 81 11 is_stmt 0 view .LVU2827
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL716:
	.loc 1 82 5 is_stmt 1 view .LVU2828
	.loc 1 82 64 is_stmt 0 view .LVU2829
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2830
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2831
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2832
	addq	%rdx, %rcx
.LBE2005:
.LBE2004:
	.loc 1 275 28 view .LVU2833
	cmpq	%rcx, %r15
	jnb	.L562
.L561:
	.loc 1 276 13 is_stmt 1 view .LVU2834
.LVL717:
.LBB2006:
.LBI1997:
	.loc 1 259 20 view .LVU2835
.LBB2003:
	.loc 1 260 5 view .LVU2836
	.loc 1 260 11 is_stmt 0 view .LVU2837
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL718:
	.loc 1 261 5 is_stmt 1 view .LVU2838
.LBB2002:
.LBI1999:
	.loc 1 134 20 view .LVU2839
.LBB2001:
	.loc 1 135 5 view .LVU2840
	.loc 1 135 11 is_stmt 0 view .LVU2841
	cmpq	$0, 72(%rbx)
	movq	%r13, %r9
	je	.L560
	movq	64(%rbx), %r9
.L560:
	.loc 1 135 11 view .LVU2842
	cmpq	$0, 24(%rbx)
	movq	%r13, %r8
	je	.L563
	movq	16(%rbx), %r8
.L563:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL719:
	.loc 1 135 11 view .LVU2843
.LBE2001:
.LBE2002:
	.loc 1 262 5 is_stmt 1 view .LVU2844
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL720:
.L562:
	.loc 1 262 5 is_stmt 0 view .LVU2845
.LBE2003:
.LBE2006:
	.loc 1 278 9 is_stmt 1 view .LVU2846
	.loc 1 278 15 is_stmt 0 view .LVU2847
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL721:
.LBE2008:
	.loc 1 268 5 is_stmt 1 view .LVU2848
.L555:
	.loc 1 268 5 view .LVU2849
.LBB2009:
	.loc 1 269 9 view .LVU2850
	.loc 1 269 76 is_stmt 0 view .LVU2851
	cmpq	$0, 72(%rbx)
	je	.L556
	.loc 1 269 69 view .LVU2852
	movq	88(%rbx), %rbp
	.loc 1 269 76 view .LVU2853
	movq	64(%rbx), %r14
	.loc 1 270 29 view .LVU2854
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU2855
	addq	%rbp, %r14
.LVL722:
	.loc 1 270 9 is_stmt 1 view .LVU2856
	.loc 1 270 29 is_stmt 0 view .LVU2857
	movq	%r14, %rdi
	call	strstr@PLT
.LVL723:
	.loc 1 271 9 is_stmt 1 view .LVU2858
	.loc 1 271 12 is_stmt 0 view .LVU2859
	testq	%rax, %rax
	je	.L556
	.loc 1 272 44 view .LVU2860
	movq	%rbp, %r15
.LVL724:
	.loc 1 272 44 view .LVU2861
	subq	%r14, %rax
.LVL725:
	.loc 1 272 44 view .LVU2862
.LBE2009:
.LBE1992:
.LBE1991:
.LBE1990:
.LBB2013:
.LBB2014:
.LBB2015:
.LBB2016:
.LBB2017:
	.loc 1 81 11 view .LVU2863
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE2017:
.LBE2016:
.LBE2015:
.LBE2014:
.LBE2013:
.LBB2043:
.LBB2012:
.LBB2011:
.LBB2010:
	.loc 1 272 26 view .LVU2864
	leaq	17(%r15,%rax), %rax
	.loc 1 272 44 view .LVU2865
	movq	8(%rsp), %rbp
	.loc 1 272 13 is_stmt 1 view .LVU2866
	leaq	.LC89(%rip), %r12
	.loc 1 272 26 is_stmt 0 view .LVU2867
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2868
.LVL726:
	.loc 1 273 13 is_stmt 0 view .LVU2869
.LBE2010:
.LBE2011:
.LBE2012:
.LBE2043:
	.loc 2 49 5 is_stmt 1 view .LVU2870
.LBB2044:
.LBI2013:
	.loc 1 282 20 view .LVU2871
	.loc 1 283 5 view .LVU2872
.LBB2040:
.LBI2014:
	.loc 1 266 20 view .LVU2873
.LBB2037:
	.loc 1 267 5 view .LVU2874
.LBB2020:
.LBI2016:
	.loc 1 79 24 view .LVU2875
.LBB2018:
	.loc 1 80 5 view .LVU2876
	.loc 1 81 5 view .LVU2877
.LBE2018:
.LBE2020:
.LBB2021:
.LBB2022:
.LBB2023:
.LBB2024:
.LBB2025:
	.loc 1 135 11 is_stmt 0 view .LVU2878
	leaq	.LC28(%rip), %r13
.LBE2025:
.LBE2024:
.LBE2023:
.LBE2022:
.LBE2021:
.LBB2032:
.LBB2019:
	.loc 1 81 11 view .LVU2879
	call	clock_gettime@PLT
.LVL727:
	.loc 1 82 5 is_stmt 1 view .LVU2880
	movq	%rbp, 8(%rsp)
.LVL728:
	.loc 1 82 64 is_stmt 0 view .LVU2881
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2882
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2883
	shrq	$18, %rdx
.LBE2019:
.LBE2032:
	.loc 1 267 14 view .LVU2884
	leaq	120000(%rcx,%rdx), %r15
.LVL729:
	.loc 1 267 14 view .LVU2885
	jmp	.L557
.LVL730:
	.p2align 4,,10
	.p2align 3
.L564:
.LBB2033:
	.loc 1 275 9 is_stmt 1 view .LVU2886
	.loc 1 275 12 is_stmt 0 view .LVU2887
	movl	8(%rbx), %esi
	testl	%esi, %esi
	js	.L569
.LBB2029:
.LBI2029:
	.loc 1 79 24 is_stmt 1 view .LVU2888
.LBB2030:
	.loc 1 80 5 view .LVU2889
	.loc 1 81 5 view .LVU2890
	.loc 1 81 11 is_stmt 0 view .LVU2891
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL731:
	.loc 1 82 5 is_stmt 1 view .LVU2892
	.loc 1 82 64 is_stmt 0 view .LVU2893
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2894
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2895
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2896
	addq	%rdx, %rcx
.LBE2030:
.LBE2029:
	.loc 1 275 28 view .LVU2897
	cmpq	%rcx, %r15
	jnb	.L570
.L569:
	.loc 1 276 13 is_stmt 1 view .LVU2898
.LVL732:
.LBB2031:
.LBI2022:
	.loc 1 259 20 view .LVU2899
.LBB2028:
	.loc 1 260 5 view .LVU2900
	.loc 1 260 11 is_stmt 0 view .LVU2901
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL733:
	.loc 1 261 5 is_stmt 1 view .LVU2902
.LBB2027:
.LBI2024:
	.loc 1 134 20 view .LVU2903
.LBB2026:
	.loc 1 135 5 view .LVU2904
	.loc 1 135 11 is_stmt 0 view .LVU2905
	cmpq	$0, 72(%rbx)
	movq	%r13, %r9
	je	.L568
	movq	64(%rbx), %r9
.L568:
	.loc 1 135 11 view .LVU2906
	cmpq	$0, 24(%rbx)
	movq	%r13, %r8
	je	.L571
	movq	16(%rbx), %r8
.L571:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL734:
	.loc 1 135 11 view .LVU2907
.LBE2026:
.LBE2027:
	.loc 1 262 5 is_stmt 1 view .LVU2908
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL735:
.L570:
	.loc 1 262 5 is_stmt 0 view .LVU2909
.LBE2028:
.LBE2031:
	.loc 1 278 9 is_stmt 1 view .LVU2910
	.loc 1 278 15 is_stmt 0 view .LVU2911
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL736:
.LBE2033:
	.loc 1 268 5 is_stmt 1 view .LVU2912
.L557:
	.loc 1 268 5 view .LVU2913
.LBB2034:
	.loc 1 269 9 view .LVU2914
	.loc 1 269 76 is_stmt 0 view .LVU2915
	cmpq	$0, 24(%rbx)
	je	.L564
	.loc 1 269 69 view .LVU2916
	movq	40(%rbx), %rbp
	.loc 1 269 76 view .LVU2917
	movq	16(%rbx), %r14
	.loc 1 270 29 view .LVU2918
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU2919
	addq	%rbp, %r14
.LVL737:
	.loc 1 270 9 is_stmt 1 view .LVU2920
	.loc 1 270 29 is_stmt 0 view .LVU2921
	movq	%r14, %rdi
	call	strstr@PLT
.LVL738:
	.loc 1 271 9 is_stmt 1 view .LVU2922
	.loc 1 271 12 is_stmt 0 view .LVU2923
	testq	%rax, %rax
	je	.L564
	.loc 1 272 44 view .LVU2924
	movq	%rbp, %r15
.LVL739:
	.loc 1 272 44 view .LVU2925
	subq	%r14, %rax
.LVL740:
	.loc 1 272 44 view .LVU2926
.LBE2034:
.LBE2037:
.LBE2040:
.LBE2044:
.LBB2045:
.LBB2046:
.LBB2047:
.LBB2048:
.LBB2049:
	.loc 1 81 11 view .LVU2927
	movq	(%rsp), %rsi
	movl	$1, %edi
.LBE2049:
.LBE2048:
.LBE2047:
.LBE2046:
.LBE2045:
.LBB2068:
.LBB2041:
.LBB2038:
.LBB2035:
	.loc 1 272 26 view .LVU2928
	leaq	20(%r15,%rax), %rax
	.loc 1 272 44 view .LVU2929
	movq	8(%rsp), %rbp
	.loc 1 272 13 is_stmt 1 view .LVU2930
.LBE2035:
.LBE2038:
.LBE2041:
.LBE2068:
.LBB2069:
.LBB2065:
.LBB2062:
.LBB2053:
.LBB2050:
	.loc 1 82 64 is_stmt 0 view .LVU2931
	movabsq	$4835703278458516699, %r14
.LVL741:
	.loc 1 82 64 view .LVU2932
.LBE2050:
.LBE2053:
	.loc 1 234 14 view .LVU2933
	movl	$5, %r12d
.LBE2062:
.LBE2065:
.LBE2069:
.LBB2070:
.LBB2042:
.LBB2039:
.LBB2036:
	.loc 1 272 26 view .LVU2934
	movq	%rax, 40(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU2935
.LVL742:
	.loc 1 273 13 is_stmt 0 view .LVU2936
.LBE2036:
.LBE2039:
.LBE2042:
.LBE2070:
	.loc 2 50 5 is_stmt 1 view .LVU2937
.LBB2071:
.LBI2045:
	.loc 1 248 20 view .LVU2938
	.loc 1 249 5 view .LVU2939
.LBB2066:
.LBI2046:
	.loc 1 233 20 view .LVU2940
.LBB2063:
	.loc 1 234 5 view .LVU2941
.LBB2054:
.LBI2048:
	.loc 1 79 24 view .LVU2942
.LBB2051:
	.loc 1 80 5 view .LVU2943
	.loc 1 81 5 view .LVU2944
.LBE2051:
.LBE2054:
	.loc 1 234 14 is_stmt 0 view .LVU2945
	leaq	.LC87(%rip), %r13
.LBB2055:
.LBB2052:
	.loc 1 81 11 view .LVU2946
	call	clock_gettime@PLT
.LVL743:
	.loc 1 82 5 is_stmt 1 view .LVU2947
	.loc 1 82 64 is_stmt 0 view .LVU2948
	movq	%r14, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2949
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2950
	shrq	$18, %rdx
.LBE2052:
.LBE2055:
	.loc 1 234 14 view .LVU2951
	leaq	120000(%rcx,%rdx), %r15
.LVL744:
	.loc 1 235 5 is_stmt 1 view .LVU2952
	.loc 1 235 23 view .LVU2953
	.p2align 4,,10
	.p2align 3
.L565:
.LBB2056:
	.loc 1 236 9 view .LVU2954
	.loc 1 236 24 is_stmt 0 view .LVU2955
	movl	4(%rbx), %edi
	movq	%r12, %rdx
	movq	%r13, %rsi
	call	write@PLT
.LVL745:
	.loc 1 237 9 is_stmt 1 view .LVU2956
	.loc 1 237 12 is_stmt 0 view .LVU2957
	testq	%rax, %rax
	jle	.L572
	.loc 1 238 13 is_stmt 1 view .LVU2958
	.loc 1 238 43 is_stmt 0 view .LVU2959
	addq	%rax, %r13
.LVL746:
	.loc 1 238 43 view .LVU2960
.LBE2056:
	.loc 1 235 23 is_stmt 1 view .LVU2961
	subq	%rax, %r12
.LVL747:
	.loc 1 235 23 is_stmt 0 view .LVU2962
	jne	.L565
.LVL748:
.L574:
	.loc 1 235 23 view .LVU2963
.LBE2063:
.LBE2066:
.LBE2071:
	.loc 2 51 5 is_stmt 1 view .LVU2964
.LBB2072:
.LBI2072:
	.loc 1 282 20 view .LVU2965
	.loc 1 283 5 view .LVU2966
.LBB2073:
.LBI2073:
	.loc 1 266 20 view .LVU2967
.LBB2074:
	.loc 1 267 5 view .LVU2968
.LBB2075:
.LBI2075:
	.loc 1 79 24 view .LVU2969
.LBB2076:
	.loc 1 80 5 view .LVU2970
	.loc 1 81 5 view .LVU2971
	.loc 1 81 11 is_stmt 0 view .LVU2972
	movq	(%rsp), %rsi
	movl	$1, %edi
	leaq	.LC90(%rip), %r12
.LBE2076:
.LBE2075:
.LBB2078:
.LBB2079:
.LBB2080:
.LBB2081:
.LBB2082:
	.loc 1 135 11 view .LVU2973
	leaq	.LC28(%rip), %r13
.LBE2082:
.LBE2081:
.LBE2080:
.LBE2079:
.LBE2078:
.LBB2089:
.LBB2077:
	.loc 1 81 11 view .LVU2974
	call	clock_gettime@PLT
.LVL749:
	.loc 1 82 5 is_stmt 1 view .LVU2975
	movq	%rbx, 8(%rsp)
	movq	%rbp, %rbx
.LVL750:
	.loc 1 82 64 is_stmt 0 view .LVU2976
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2977
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2978
	shrq	$18, %rdx
.LBE2077:
.LBE2089:
	.loc 1 267 14 view .LVU2979
	leaq	120000(%rcx,%rdx), %r15
.LVL751:
	.loc 1 267 14 view .LVU2980
	jmp	.L576
.LVL752:
	.p2align 4,,10
	.p2align 3
.L577:
.LBB2090:
	.loc 1 275 9 is_stmt 1 view .LVU2981
	.loc 1 275 12 is_stmt 0 view .LVU2982
	movl	8(%rbx), %ecx
	testl	%ecx, %ecx
	js	.L582
.LBB2086:
.LBI2086:
	.loc 1 79 24 is_stmt 1 view .LVU2983
.LBB2087:
	.loc 1 80 5 view .LVU2984
	.loc 1 81 5 view .LVU2985
	.loc 1 81 11 is_stmt 0 view .LVU2986
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL753:
	.loc 1 82 5 is_stmt 1 view .LVU2987
	.loc 1 82 64 is_stmt 0 view .LVU2988
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU2989
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU2990
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU2991
	addq	%rdx, %rcx
.LBE2087:
.LBE2086:
	.loc 1 275 28 view .LVU2992
	cmpq	%rcx, %r15
	jnb	.L583
.L582:
	.loc 1 276 13 is_stmt 1 view .LVU2993
.LVL754:
.LBB2088:
.LBI2079:
	.loc 1 259 20 view .LVU2994
.LBB2085:
	.loc 1 260 5 view .LVU2995
	.loc 1 260 11 is_stmt 0 view .LVU2996
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL755:
	.loc 1 261 5 is_stmt 1 view .LVU2997
.LBB2084:
.LBI2081:
	.loc 1 134 20 view .LVU2998
.LBB2083:
	.loc 1 135 5 view .LVU2999
	.loc 1 135 11 is_stmt 0 view .LVU3000
	cmpq	$0, 72(%rbx)
	movq	%r13, %r9
	je	.L581
	movq	64(%rbx), %r9
.L581:
	.loc 1 135 11 view .LVU3001
	cmpq	$0, 24(%rbx)
	movq	%r13, %r8
	je	.L584
	movq	16(%rbx), %r8
.L584:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL756:
	.loc 1 135 11 view .LVU3002
.LBE2083:
.LBE2084:
	.loc 1 262 5 is_stmt 1 view .LVU3003
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL757:
.L583:
	.loc 1 262 5 is_stmt 0 view .LVU3004
.LBE2085:
.LBE2088:
	.loc 1 278 9 is_stmt 1 view .LVU3005
	.loc 1 278 15 is_stmt 0 view .LVU3006
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL758:
.LBE2090:
	.loc 1 268 5 is_stmt 1 view .LVU3007
.L576:
	.loc 1 268 5 view .LVU3008
.LBB2091:
	.loc 1 269 9 view .LVU3009
	.loc 1 269 76 is_stmt 0 view .LVU3010
	cmpq	$0, 24(%rbx)
	je	.L577
	.loc 1 269 69 view .LVU3011
	movq	40(%rbx), %rbp
	.loc 1 269 76 view .LVU3012
	movq	16(%rbx), %r14
	.loc 1 270 29 view .LVU3013
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU3014
	addq	%rbp, %r14
.LVL759:
	.loc 1 270 9 is_stmt 1 view .LVU3015
	.loc 1 270 29 is_stmt 0 view .LVU3016
	movq	%r14, %rdi
	call	strstr@PLT
.LVL760:
	.loc 1 271 9 is_stmt 1 view .LVU3017
	.loc 1 271 12 is_stmt 0 view .LVU3018
	testq	%rax, %rax
	je	.L577
	.loc 1 272 44 view .LVU3019
	movq	%rbp, %r15
.LVL761:
	.loc 1 272 44 view .LVU3020
	subq	%r14, %rax
.LVL762:
	.loc 1 272 44 view .LVU3021
	movq	%rbx, %rbp
.LBE2091:
.LBE2074:
.LBE2073:
.LBE2072:
.LBB2098:
.LBB2099:
.LBB2100:
.LBB2101:
.LBB2102:
	.loc 1 81 11 view .LVU3022
	movq	(%rsp), %rsi
.LBE2102:
.LBE2101:
.LBE2100:
.LBE2099:
.LBE2098:
.LBB2121:
.LBB2096:
.LBB2094:
.LBB2092:
	.loc 1 272 26 view .LVU3023
	leaq	17(%r15,%rax), %rax
.LBE2092:
.LBE2094:
.LBE2096:
.LBE2121:
.LBB2122:
.LBB2118:
.LBB2115:
.LBB2106:
.LBB2103:
	.loc 1 81 11 view .LVU3024
	movl	$1, %edi
	.loc 1 82 64 view .LVU3025
	movabsq	$4835703278458516699, %r14
.LVL763:
	.loc 1 82 64 view .LVU3026
.LBE2103:
.LBE2106:
.LBE2115:
.LBE2118:
.LBE2122:
.LBB2123:
.LBB2097:
.LBB2095:
.LBB2093:
	.loc 1 272 44 view .LVU3027
	movq	8(%rsp), %rbx
.LVL764:
	.loc 1 272 13 is_stmt 1 view .LVU3028
	.loc 1 272 26 is_stmt 0 view .LVU3029
	movq	%rax, 40(%rbp)
	.loc 1 273 13 is_stmt 1 view .LVU3030
.LVL765:
	.loc 1 273 13 is_stmt 0 view .LVU3031
.LBE2093:
.LBE2095:
.LBE2097:
.LBE2123:
	.loc 2 52 5 is_stmt 1 view .LVU3032
.LBB2124:
.LBI2098:
	.loc 1 248 20 view .LVU3033
	.loc 1 249 5 view .LVU3034
.LBB2119:
.LBI2099:
	.loc 1 233 20 view .LVU3035
.LBB2116:
	.loc 1 234 5 view .LVU3036
.LBB2107:
.LBI2101:
	.loc 1 79 24 view .LVU3037
.LBB2104:
	.loc 1 80 5 view .LVU3038
	.loc 1 81 5 view .LVU3039
.LBE2104:
.LBE2107:
	.loc 1 234 14 is_stmt 0 view .LVU3040
	movl	$5, %r12d
	leaq	.LC88(%rip), %r13
.LBB2108:
.LBB2105:
	.loc 1 81 11 view .LVU3041
	call	clock_gettime@PLT
.LVL766:
	.loc 1 82 5 is_stmt 1 view .LVU3042
	.loc 1 82 64 is_stmt 0 view .LVU3043
	movq	%r14, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3044
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3045
	shrq	$18, %rdx
.LBE2105:
.LBE2108:
	.loc 1 234 14 view .LVU3046
	leaq	120000(%rcx,%rdx), %r15
.LVL767:
	.loc 1 235 5 is_stmt 1 view .LVU3047
	.loc 1 235 23 view .LVU3048
	.p2align 4,,10
	.p2align 3
.L578:
.LBB2109:
	.loc 1 236 9 view .LVU3049
	.loc 1 236 24 is_stmt 0 view .LVU3050
	movl	4(%rbx), %edi
	movq	%r12, %rdx
	movq	%r13, %rsi
	call	write@PLT
.LVL768:
	.loc 1 237 9 is_stmt 1 view .LVU3051
	.loc 1 237 12 is_stmt 0 view .LVU3052
	testq	%rax, %rax
	jle	.L585
	.loc 1 238 13 is_stmt 1 view .LVU3053
	.loc 1 238 43 is_stmt 0 view .LVU3054
	addq	%rax, %r13
.LVL769:
	.loc 1 238 43 view .LVU3055
.LBE2109:
	.loc 1 235 23 is_stmt 1 view .LVU3056
	subq	%rax, %r12
.LVL770:
	.loc 1 235 23 is_stmt 0 view .LVU3057
	jne	.L578
.LVL771:
.L587:
	.loc 1 235 23 view .LVU3058
.LBE2116:
.LBE2119:
.LBE2124:
	.loc 2 53 5 is_stmt 1 view .LVU3059
.LBB2125:
.LBI2125:
	.loc 1 282 20 view .LVU3060
	.loc 1 283 5 view .LVU3061
.LBB2126:
.LBI2126:
	.loc 1 266 20 view .LVU3062
.LBB2127:
	.loc 1 267 5 view .LVU3063
.LBB2128:
.LBI2128:
	.loc 1 79 24 view .LVU3064
.LBB2129:
	.loc 1 80 5 view .LVU3065
	.loc 1 81 5 view .LVU3066
	.loc 1 81 11 is_stmt 0 view .LVU3067
	movq	(%rsp), %rsi
	movl	$1, %edi
	leaq	.LC68(%rip), %r12
.LBE2129:
.LBE2128:
.LBB2131:
.LBB2132:
.LBB2133:
.LBB2134:
.LBB2135:
	.loc 1 135 11 view .LVU3068
	leaq	.LC28(%rip), %r13
.LBE2135:
.LBE2134:
.LBE2133:
.LBE2132:
.LBE2131:
.LBB2142:
.LBB2130:
	.loc 1 81 11 view .LVU3069
	call	clock_gettime@PLT
.LVL772:
	.loc 1 82 5 is_stmt 1 view .LVU3070
	movq	%rbx, 8(%rsp)
.LVL773:
	.loc 1 82 5 is_stmt 0 view .LVU3071
	movq	%rbp, %rbx
	.loc 1 82 64 view .LVU3072
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3073
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3074
	shrq	$18, %rdx
.LBE2130:
.LBE2142:
	.loc 1 267 14 view .LVU3075
	leaq	120000(%rcx,%rdx), %r15
.LVL774:
	.loc 1 267 14 view .LVU3076
	jmp	.L589
.LVL775:
	.p2align 4,,10
	.p2align 3
.L590:
.LBB2143:
	.loc 1 275 9 is_stmt 1 view .LVU3077
	.loc 1 275 12 is_stmt 0 view .LVU3078
	movl	8(%rbx), %edx
	testl	%edx, %edx
	js	.L595
.LBB2139:
.LBI2139:
	.loc 1 79 24 is_stmt 1 view .LVU3079
.LBB2140:
	.loc 1 80 5 view .LVU3080
	.loc 1 81 5 view .LVU3081
	.loc 1 81 11 is_stmt 0 view .LVU3082
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL776:
	.loc 1 82 5 is_stmt 1 view .LVU3083
	.loc 1 82 64 is_stmt 0 view .LVU3084
	movabsq	$4835703278458516699, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3085
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3086
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU3087
	addq	%rdx, %rcx
.LBE2140:
.LBE2139:
	.loc 1 275 28 view .LVU3088
	cmpq	%rcx, %r15
	jnb	.L596
.L595:
	.loc 1 276 13 is_stmt 1 view .LVU3089
.LVL777:
.LBB2141:
.LBI2132:
	.loc 1 259 20 view .LVU3090
.LBB2138:
	.loc 1 260 5 view .LVU3091
	.loc 1 260 11 is_stmt 0 view .LVU3092
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%r12, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL778:
	.loc 1 261 5 is_stmt 1 view .LVU3093
.LBB2137:
.LBI2134:
	.loc 1 134 20 view .LVU3094
.LBB2136:
	.loc 1 135 5 view .LVU3095
	.loc 1 135 11 is_stmt 0 view .LVU3096
	cmpq	$0, 72(%rbx)
	movq	%r13, %r9
	je	.L594
	movq	64(%rbx), %r9
.L594:
	.loc 1 135 11 view .LVU3097
	cmpq	$0, 24(%rbx)
	movq	%r13, %r8
	je	.L597
	movq	16(%rbx), %r8
.L597:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL779:
	.loc 1 135 11 view .LVU3098
.LBE2136:
.LBE2137:
	.loc 1 262 5 is_stmt 1 view .LVU3099
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL780:
.L596:
	.loc 1 262 5 is_stmt 0 view .LVU3100
.LBE2138:
.LBE2141:
	.loc 1 278 9 is_stmt 1 view .LVU3101
	.loc 1 278 15 is_stmt 0 view .LVU3102
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL781:
.LBE2143:
	.loc 1 268 5 is_stmt 1 view .LVU3103
.L589:
	.loc 1 268 5 view .LVU3104
.LBB2144:
	.loc 1 269 9 view .LVU3105
	.loc 1 269 76 is_stmt 0 view .LVU3106
	cmpq	$0, 24(%rbx)
	je	.L590
	.loc 1 269 69 view .LVU3107
	movq	40(%rbx), %rbp
	.loc 1 269 76 view .LVU3108
	movq	16(%rbx), %r14
	.loc 1 270 29 view .LVU3109
	movq	%r12, %rsi
	.loc 1 269 76 view .LVU3110
	addq	%rbp, %r14
.LVL782:
	.loc 1 270 9 is_stmt 1 view .LVU3111
	.loc 1 270 29 is_stmt 0 view .LVU3112
	movq	%r14, %rdi
	call	strstr@PLT
.LVL783:
	.loc 1 271 9 is_stmt 1 view .LVU3113
	.loc 1 271 12 is_stmt 0 view .LVU3114
	testq	%rax, %rax
	je	.L590
	.loc 1 272 44 view .LVU3115
	movq	%rbp, %r15
.LVL784:
	.loc 1 272 44 view .LVU3116
	subq	%r14, %rax
.LVL785:
	.loc 1 272 44 view .LVU3117
	movq	%rbx, %rbp
.LBE2144:
.LBE2127:
.LBE2126:
.LBE2125:
.LBB2151:
.LBB2152:
.LBB2153:
.LBB2154:
.LBB2155:
	.loc 1 81 11 view .LVU3118
	movq	(%rsp), %rsi
.LBE2155:
.LBE2154:
.LBE2153:
.LBE2152:
.LBE2151:
.LBB2175:
.LBB2149:
.LBB2147:
.LBB2145:
	.loc 1 272 26 view .LVU3119
	leaq	17(%r15,%rax), %rax
.LBE2145:
.LBE2147:
.LBE2149:
.LBE2175:
.LBB2176:
.LBB2172:
.LBB2169:
.LBB2159:
.LBB2156:
	.loc 1 81 11 view .LVU3120
	movl	$1, %edi
	.loc 1 82 64 view .LVU3121
	movabsq	$4835703278458516699, %r13
.LBE2156:
.LBE2159:
.LBE2169:
.LBE2172:
.LBE2176:
.LBB2177:
.LBB2150:
.LBB2148:
.LBB2146:
	.loc 1 272 44 view .LVU3122
	movq	8(%rsp), %rbx
.LVL786:
	.loc 1 272 13 is_stmt 1 view .LVU3123
	.loc 1 272 26 is_stmt 0 view .LVU3124
	movq	%rax, 40(%rbp)
	.loc 1 273 13 is_stmt 1 view .LVU3125
.LVL787:
	.loc 1 273 13 is_stmt 0 view .LVU3126
.LBE2146:
.LBE2148:
.LBE2150:
.LBE2177:
	.loc 2 54 5 is_stmt 1 view .LVU3127
.LBB2178:
.LBI2151:
	.loc 1 248 20 view .LVU3128
	.loc 1 249 5 view .LVU3129
.LBB2173:
.LBI2152:
	.loc 1 233 20 view .LVU3130
.LBB2170:
	.loc 1 234 5 view .LVU3131
.LBB2160:
.LBI2154:
	.loc 1 79 24 view .LVU3132
.LBB2157:
	.loc 1 80 5 view .LVU3133
	.loc 1 81 5 view .LVU3134
.LBE2157:
.LBE2160:
	.loc 1 234 14 is_stmt 0 view .LVU3135
	leaq	.LC87(%rip), %r12
	movl	$5, %ebp
.LBB2161:
	.loc 1 243 13 view .LVU3136
	leaq	.LC13(%rip), %r14
.LVL788:
	.loc 1 243 13 view .LVU3137
.LBE2161:
.LBB2166:
.LBB2158:
	.loc 1 81 11 view .LVU3138
	call	clock_gettime@PLT
.LVL789:
	.loc 1 82 5 is_stmt 1 view .LVU3139
	.loc 1 82 64 is_stmt 0 view .LVU3140
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3141
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3142
	shrq	$18, %rdx
.LBE2158:
.LBE2166:
	.loc 1 234 14 view .LVU3143
	leaq	120000(%rcx,%rdx), %r15
.LVL790:
	.loc 1 235 5 is_stmt 1 view .LVU3144
	.loc 1 235 23 view .LVU3145
	.p2align 4,,10
	.p2align 3
.L591:
.LBB2167:
	.loc 1 236 9 view .LVU3146
	.loc 1 236 24 is_stmt 0 view .LVU3147
	movl	4(%rbx), %edi
	movq	%rbp, %rdx
	movq	%r12, %rsi
	call	write@PLT
.LVL791:
	.loc 1 237 9 is_stmt 1 view .LVU3148
	.loc 1 237 12 is_stmt 0 view .LVU3149
	testq	%rax, %rax
	jle	.L598
	.loc 1 238 13 is_stmt 1 view .LVU3150
	.loc 1 238 43 is_stmt 0 view .LVU3151
	addq	%rax, %r12
.LVL792:
	.loc 1 238 43 view .LVU3152
.LBE2167:
	.loc 1 235 23 is_stmt 1 view .LVU3153
	subq	%rax, %rbp
.LVL793:
	.loc 1 235 23 is_stmt 0 view .LVU3154
	jne	.L591
.LVL794:
.L600:
	.loc 1 235 23 view .LVU3155
.LBE2170:
.LBE2173:
.LBE2178:
	.loc 2 55 5 is_stmt 1 view .LVU3156
.LBB2179:
.LBI2179:
	.loc 1 286 20 view .LVU3157
	.loc 1 287 5 view .LVU3158
.LBB2180:
.LBI2180:
	.loc 1 266 20 view .LVU3159
.LBB2181:
	.loc 1 267 5 view .LVU3160
.LBB2182:
.LBI2182:
	.loc 1 79 24 view .LVU3161
.LBB2183:
	.loc 1 80 5 view .LVU3162
	.loc 1 81 5 view .LVU3163
	.loc 1 81 11 is_stmt 0 view .LVU3164
	movq	(%rsp), %rsi
	movl	$1, %edi
	.loc 1 82 64 view .LVU3165
	movabsq	$4835703278458516699, %r13
	leaq	.LC91(%rip), %rbp
.LBE2183:
.LBE2182:
.LBB2185:
.LBB2186:
.LBB2187:
.LBB2188:
.LBB2189:
	.loc 1 135 11 view .LVU3166
	leaq	.LC28(%rip), %r12
.LBE2189:
.LBE2188:
.LBE2187:
.LBE2186:
.LBE2185:
.LBB2196:
.LBB2184:
	.loc 1 81 11 view .LVU3167
	call	clock_gettime@PLT
.LVL795:
	.loc 1 82 5 is_stmt 1 view .LVU3168
	.loc 1 82 64 is_stmt 0 view .LVU3169
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3170
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3171
	shrq	$18, %rdx
.LBE2184:
.LBE2196:
	.loc 1 267 14 view .LVU3172
	leaq	120000(%rcx,%rdx), %rax
	movq	%rax, 8(%rsp)
.LVL796:
	.loc 1 267 14 view .LVU3173
	jmp	.L602
.LVL797:
	.p2align 4,,10
	.p2align 3
.L603:
.LBB2197:
	.loc 1 275 9 is_stmt 1 view .LVU3174
	.loc 1 275 12 is_stmt 0 view .LVU3175
	movl	56(%rbx), %eax
	testl	%eax, %eax
	js	.L607
.LBB2193:
.LBI2193:
	.loc 1 79 24 is_stmt 1 view .LVU3176
.LBB2194:
	.loc 1 80 5 view .LVU3177
	.loc 1 81 5 view .LVU3178
	.loc 1 81 11 is_stmt 0 view .LVU3179
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL798:
	.loc 1 82 5 is_stmt 1 view .LVU3180
	.loc 1 82 64 is_stmt 0 view .LVU3181
	movq	%r13, %rax
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3182
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3183
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU3184
	addq	%rdx, %rcx
.LBE2194:
.LBE2193:
	.loc 1 275 28 view .LVU3185
	cmpq	%rcx, 8(%rsp)
	jnb	.L608
.L607:
	.loc 1 276 13 is_stmt 1 view .LVU3186
.LVL799:
.LBB2195:
.LBI2186:
	.loc 1 259 20 view .LVU3187
.LBB2192:
	.loc 1 260 5 view .LVU3188
	.loc 1 260 11 is_stmt 0 view .LVU3189
	movq	stderr(%rip), %rdi
	xorl	%eax, %eax
	movq	%rbp, %rdx
	leaq	.LC30(%rip), %rsi
	call	fprintf@PLT
.LVL800:
	.loc 1 261 5 is_stmt 1 view .LVU3190
.LBB2191:
.LBI2188:
	.loc 1 134 20 view .LVU3191
.LBB2190:
	.loc 1 135 5 view .LVU3192
	.loc 1 135 11 is_stmt 0 view .LVU3193
	cmpq	$0, 72(%rbx)
	movq	%r12, %r9
	je	.L606
	movq	64(%rbx), %r9
.L606:
	.loc 1 135 11 view .LVU3194
	cmpq	$0, 24(%rbx)
	movq	%r12, %r8
	je	.L609
	movq	16(%rbx), %r8
.L609:
	movl	(%rbx), %ecx
	movq	104(%rbx), %rdx
	leaq	.LC31(%rip), %rsi
	xorl	%eax, %eax
	movq	stderr(%rip), %rdi
	call	fprintf@PLT
.LVL801:
	.loc 1 135 11 view .LVU3195
.LBE2190:
.LBE2191:
	.loc 1 262 5 is_stmt 1 view .LVU3196
	movl	$262, %esi
	leaq	.LC13(%rip), %rdi
	call	_fail@PLT
.LVL802:
.L608:
	.loc 1 262 5 is_stmt 0 view .LVU3197
.LBE2192:
.LBE2195:
	.loc 1 278 9 is_stmt 1 view .LVU3198
	.loc 1 278 15 is_stmt 0 view .LVU3199
	movl	$-1, %edi
	call	process_pump.constprop.0.isra.0
.LVL803:
.LBE2197:
	.loc 1 268 5 is_stmt 1 view .LVU3200
.L602:
	.loc 1 268 5 view .LVU3201
.LBB2198:
	.loc 1 269 9 view .LVU3202
	.loc 1 269 76 is_stmt 0 view .LVU3203
	cmpq	$0, 72(%rbx)
	je	.L603
	.loc 1 269 69 view .LVU3204
	movq	88(%rbx), %r14
	.loc 1 269 76 view .LVU3205
	movq	64(%rbx), %r15
	.loc 1 270 29 view .LVU3206
	movq	%rbp, %rsi
	.loc 1 269 76 view .LVU3207
	addq	%r14, %r15
.LVL804:
	.loc 1 270 9 is_stmt 1 view .LVU3208
	.loc 1 270 29 is_stmt 0 view .LVU3209
	movq	%r15, %rdi
	call	strstr@PLT
.LVL805:
	.loc 1 271 9 is_stmt 1 view .LVU3210
	.loc 1 271 12 is_stmt 0 view .LVU3211
	testq	%rax, %rax
	je	.L603
	.loc 1 272 13 is_stmt 1 view .LVU3212
	.loc 1 272 44 is_stmt 0 view .LVU3213
	subq	%r15, %rax
.LVL806:
	.loc 1 272 26 view .LVU3214
	leaq	30(%r14,%rax), %rax
	movq	%rax, 88(%rbx)
	.loc 1 273 13 is_stmt 1 view .LVU3215
.LVL807:
	.loc 1 273 13 is_stmt 0 view .LVU3216
.LBE2198:
.LBE2181:
.LBE2180:
.LBE2179:
	.loc 2 56 1 view .LVU3217
	movq	136(%rsp), %rax
	subq	%fs:40, %rax
	jne	.L673
	addq	$152, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
.LVL808:
	.loc 2 56 1 view .LVU3218
	ret
.LVL809:
	.p2align 4,,10
	.p2align 3
.L598:
	.cfi_restore_state
.LBB2199:
.LBB2174:
.LBB2171:
.LBB2168:
	.loc 1 239 16 is_stmt 1 view .LVU3219
	.loc 1 239 19 is_stmt 0 view .LVU3220
	je	.L601
	.loc 1 239 32 view .LVU3221
	call	__errno_location@PLT
.LVL810:
	.loc 1 239 32 view .LVU3222
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU3223
	cmpl	$11, %eax
	je	.L601
	cmpl	$4, %eax
	jne	.L600
.L601:
	.loc 1 242 13 is_stmt 1 view .LVU3224
	.loc 1 242 19 is_stmt 0 view .LVU3225
	movl	4(%rbx), %edi
	call	process_pump.constprop.0.isra.0
.LVL811:
	.loc 1 243 13 is_stmt 1 view .LVU3226
.LBB2162:
.LBI2162:
	.loc 1 79 24 view .LVU3227
.LBB2163:
	.loc 1 80 5 view .LVU3228
	.loc 1 81 5 view .LVU3229
	.loc 1 81 11 is_stmt 0 view .LVU3230
	movq	(%rsp), %rsi
	movl	$1, %edi
	call	clock_gettime@PLT
.LVL812:
	.loc 1 82 5 is_stmt 1 view .LVU3231
	.loc 1 82 64 is_stmt 0 view .LVU3232
	movq	%r13, %rax
.LBE2163:
.LBE2162:
	.loc 1 243 13 view .LVU3233
	xorl	%edi, %edi
	leaq	.LC59(%rip), %rsi
.LBB2165:
.LBB2164:
	.loc 1 82 64 view .LVU3234
	mulq	56(%rsp)
	.loc 1 82 33 view .LVU3235
	imulq	$1000, 48(%rsp), %rcx
	.loc 1 82 64 view .LVU3236
	shrq	$18, %rdx
	.loc 1 82 40 view .LVU3237
	addq	%rdx, %rcx
.LBE2164:
.LBE2165:
	.loc 1 243 13 view .LVU3238
	movq	%r14, %rdx
	cmpq	%r15, %rcx
	movl	$243, %ecx
	setb	%dil
	call	_assert_true@PLT
.LVL813:
	.loc 1 243 13 view .LVU3239
.LBE2168:
	.loc 1 235 23 is_stmt 1 view .LVU3240
	jmp	.L591
.LVL814:
	.p2align 4,,10
	.p2align 3
.L572:
	.loc 1 235 23 is_stmt 0 view .LVU3241
.LBE2171:
.LBE2174:
.LBE2199:
.LBB2200:
.LBB2067:
.LBB2064:
.LBB2061:
	.loc 1 239 16 is_stmt 1 view .LVU3242
	.loc 1 239 19 is_stmt 0 view .LVU3243
	je	.L575
	.loc 1 239 32 view .LVU3244
	call	__errno_location@PLT
.LVL815:
	.loc 1 239 32 view .LVU3245
	movl	(%rax), %eax
	.loc 1 239 48 view .LVU3246
	cmpl	$4, %eax
	je	.L575
	cmpl	$11, %eax
	jne	.L574
.L575:
	.loc 1 242 13 is_stmt 1 view .LVU3247
	.loc 1 242 19 is_stmt 0 view .LVU3248
	movl	4(%rbx), %edi
	call	process_pump.constprop.0.isra.0
.LVL816:
	.loc 1 243 13 is_stmt 1 view .LVU3249
.LBB2057:
.LBI2057:
	.loc 1 79 24 view