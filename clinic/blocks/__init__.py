"""The blocks of a page's body. May import clinic.frontend, clinic.backends and clinic.lib."""

from clinic.blocks.links import ButtonBlock, VideoLinkBlock
from clinic.blocks.media import ImageBlock
from clinic.blocks.story import StoryBlock
from clinic.blocks.text import (
    CalloutBlock,
    CareCardBlock,
    CareLevel,
    DoDontBlock,
    HeadingBlock,
    QuestionsBlock,
    QuoteBlock,
    TextBlock,
)
