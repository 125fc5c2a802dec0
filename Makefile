# The product on one machine with Python and a shell. `make` alone lists what there is.

PYTHON ?= python3
PORT ?= 8000
PIP = .venv/bin/python -m pip -qq --disable-pip-version-check --no-input
LOCAL = .venv/bin/python -m berakhlak.local
COMPILE = .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header \
	--python-version 3.11

export PORT

help: ## Menampilkan daftar ini
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) \
		| while IFS='|' read -r target text; do printf '%-22s %s\n' "$$target" "$$text"; done

demo: .venv/installed ## Menjalankan semuanya dengan data simulasi, sampai Ctrl-C (PORT=8000)
	@exec $(LOCAL) demo

test: .venv/installed-dev ## Memeriksa gaya, tipe, kontrak, templat, dan perilaku
	@exec .venv/bin/python -m berakhlak.checking

reset: ## Menghentikan demo folder ini dan menghapus datanya
	@if [ -e .venv/installed ]; then exec $(LOCAL) reset; else rm -rf .data; fi

lint: .venv/installed-dev ## Mencari yang keliru di kode tanpa menjalankannya
	@.venv/bin/ruff check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: .venv/installed-dev ## Merapikan kode dan templat
	@.venv/bin/ruff check --quiet --fix --exit-zero
	@.venv/bin/ruff format --quiet
	@.venv/bin/djlint --quiet --reformat templates || true

lighthouse: .venv/installed-dev ## Mengukur halaman pengisi dengan Lighthouse (perlu npm dan Chromium)
	@.venv/bin/python -m bench.lighthouse

requirements: .venv/installed-dev ## Mengunci isi requirements*.in (UPGRADE=1 mengambil yang baru)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in --output-file requirements.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) requirements-dev.in --output-file requirements-dev.txt

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Perlu Python 3.11 atau lebih baru; $(PYTHON) adalah" \
			"$$($(PYTHON) --version 2>&1 | tail -1). Sebutkan yang lain, misalnya:" \
			"make $(or $(MAKECMDGOALS),demo) PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import shutil, sys; sys.exit(shutil.disk_usage(".").free < 2**30)' || { \
		echo "Diska penuh: paket Python perlu ruang kosong 1 GB."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "Python ini tidak dapat membuat virtual environment;" \
			"di Debian pasang paket python3-venv."; exit 1; }
	@echo "  Paket Python (satu-dua menit, hanya bila berubah)"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	@echo "  Alat untuk make test"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@

.PHONY: help demo test reset lint format lighthouse requirements
