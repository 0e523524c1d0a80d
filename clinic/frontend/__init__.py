"""Style sheets by page, postprocessing of HTML, page weight, Content-Security-Policy. Imports `clinic.lib`."""
