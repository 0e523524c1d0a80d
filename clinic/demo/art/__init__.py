"""The demo clinic's pictures: skies, ridges, trees and water, drawn by Pillow from seeded chance."""
