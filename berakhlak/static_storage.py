"""Static files under names that carry a digest of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Also the names inside our ES modules: ``import … from "./keeping.js"``."""

    support_js_module_import_aggregation = True
