#!/usr/bin/env python3
"""Writes one Arabic site twice, for dhikra and for Hugo, so that both can be timed on equal work.

    corpus.py --pages 10000 --out DIR      writes DIR/dhikra and DIR/hugo
    corpus.py --from DIR                   adds site.toml and the theme to DIR/plain

Both sites have the same content files, byte for byte, and templates that say the same in either
dialect: a page with its contents list, tags and neighbours; sections and tags in lists of 20; a
home and a feed with the 20 newest; a sitemap, robots.txt, a 404 page and a style sheet. The same
`--pages` and `--seed` give the same bytes on every machine.

`--from` takes a folder that another generator filled with `plain/` (content only) and `hugo/`.
"""

import argparse
import pathlib
import random
import sys

TAGS = 100
TAGS_A_PAGE = 5
CODE_EVERY = 10
FIRST_YEAR, YEARS = 1951, 75

# ---------------------------------------------------------------------------------------- words

VERBS = """كتب قرأ نسخ جمع رتب فهرس حقق ترجم نشر صحح زخرف جلد رمم صور وصف ذكر روى سأل أجاب سافر أقام رحل
عبر وصل غادر رسم قاس رصد حسب استخرج اقتبس علق شرح لخص عرض أهدى أوقف اشترى باع نقل أعار استعار""".split()
NOUNS = """المخطوط المكتبة الورق الحبر القلم الناسخ الخط الصفحة الهامش الفهرس الباب الفصل الغلاف الجلد الخزانة الرف
القارئ الشيخ التلميذ المعلم المدرسة المجلس الدرس السؤال الجواب الرحلة القافلة السفينة الشاطئ الجزيرة النهر السهل الواحة البستان
النخيل التمر القمح السوق التاجر الحرير النحاس الخزف الفضة الميزان النجم القمر الفلك الأسطرلاب المرصد الخريطة الجهة الإقليم المسافة
الطب الدواء العشب الطبيب المشفى الهندسة الحساب الجبر المثلث الدائرة القبة المئذنة القنطرة الساقية الحجر الرخام النقش الزخرفة
القصيدة البيت الشاعر الراوي الحكاية المثل اللغة الحرف النحو المعجم الترجمة الرسالة البريد الديوان الخاتم الشاهد العصر السنة
الشهر الليل الفجر المطر الريح الصيف""".split()
ADJECTIVES = """النادر القديم المذهب الواضح الدقيق الطويل المختصر المفيد المشهور الغريب البعيد القريب الواسع الضيق
الأصيل المنقول المحفوظ المفقود الكامل الناقص الشرقي الغربي الشمالي الجنوبي الأول الأخير الجميل النفيس البسيط المعقود""".split()
PARTICLES = """في من إلى على عن مع بين عند قبل بعد خلال تحت فوق حول نحو دون قرب وراء أمام منذ حتى لدى ضمن خلف""".split()

# Not Arabic letters: what the direction of a line has to survive.
FOREIGN = ["MS 2041", "(1258–1517)", "44 × 31", "`fol-12r`", "Codex III", "٪17", "ISBN 978"]

CODE = """```python
def folios(leaves: int) -> list[str]:
    \"\"\"Names the two sides of every leaf.\"\"\"
    return [f"{n}{side}" for n in range(1, leaves + 1) for side in "rv"]
```"""


def clause(r):
    """Five words that could stand together: a verb, two nouns, what they are like and where."""
    return [r.choice(VERBS), rare(r, NOUNS), r.choice(ADJECTIVES), r.choice(PARTICLES), rare(r, NOUNS)]


def rare(r, words):
    """A word, those at the front of the list much oftener than those at its end."""
    return words[int(len(words) * r.random() * r.random())]


def phrase(r, length):
    """Some nouns with an adjective between them, for titles, headings and cells."""
    words = [rare(r, NOUNS) for _ in range(length)]
    if length > 2:
        words[1] = r.choice(ADJECTIVES)
    return " ".join(words)


def sentence(r):
    """Two to four clauses, now and then with emphasis, a link or something that is not Arabic."""
    words = [word for _ in range(r.randint(2, 4)) for word in clause(r)]
    dice, at = r.random(), r.randrange(len(words))
    if dice < 0.25:
        words[at] = f"**{words[at]}**"
    elif dice < 0.40:
        words[at] = f"*{words[at]}*"
    elif dice < 0.46:
        words[at] = f"[{words[at]}](https://example.org/ref/{r.randrange(1000)})"
    elif dice < 0.52:
        words[at] = r.choice(FOREIGN)
    return " ".join(words) + "."


def paragraph(r):
    """Three to six sentences on one line."""
    return " ".join(sentence(r) for _ in range(r.randint(3, 6)))


def bullets(r):
    """A list of five."""
    return "\n".join(f"- {phrase(r, 6)}" for _ in range(5))


def table(r):
    """A table of three columns and four rows."""
    rows = [[phrase(r, 3) for _ in range(3)] for _ in range(4)]
    lines = [["الاسم", "الوصف", "المكان"], ["---"] * 3, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def body(r, number):
    """The Markdown of a page: about 9 KB in 3 to 5 sections, each element at least once."""
    blocks = []
    for part in range(r.randint(3, 5)):
        blocks.append(f"## {phrase(r, 4)}")
        blocks += [paragraph(r) for _ in range(r.randint(2, 3))]
        if part == 0:
            blocks.append(bullets(r))
        if part == 1:
            blocks += [table(r), f"> {sentence(r)}"]
    blocks.append(f"{sentence(r)}[^src]")
    blocks.append(f"[^src]: {sentence(r)}")
    if number % CODE_EVERY == 0:
        blocks.append(CODE)
    return "\n\n".join(blocks) + "\n"


def page(number, seed):
    """The whole text of a page's file."""
    r = random.Random(f"{seed}/{number}")
    date = f"{FIRST_YEAR + number % YEARS}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    tags = ", ".join(f"sinf{tag:02d}" for tag in sorted(r.sample(range(TAGS), TAGS_A_PAGE)))
    front = [f"title: {phrase(r, 5)}", f"date: {date}", f"description: {phrase(r, 14)}.", f"tags: [{tags}]"]
    return "\n".join(["---", *front, "---", body(r, number)])


# ------------------------------------------------------------------------------------ templates

STYLE = "body { font-family: serif; line-height: 1.8; }\n"

DHIKRA_SITE = """base_url = "https://example.org/"
theme = "equal"

[languages.ar]
title = "خزانة المخطوطات"

[taxonomies.tags]

# One feed, as the other generators have.
[output]
section_feeds = false
rss = false
"""

DHIKRA_LISTING = """{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1>
<ul>{% for p in paginator.pages %}
<li><a href="{{ p.url }}">{{ p.title }}</a> <time>{{ p.date }}</time><p>{{ p.description }}</p></li>{% endfor %}
</ul>
<nav>{% if paginator.previous %}<a href="{{ paginator.previous }}">السابق</a>{% endif %}{% if paginator.next %}<a href="{{ paginator.next }}">التالي</a>{% endif %}</nav>{% endblock %}
"""

DHIKRA_TEMPLATES = {
    "base.html": """<!doctype html>
<html lang="{{ lang }}" dir="{{ dir }}">
<head><meta charset="utf-8"><title>{{ page.title }}</title>
<meta name="description" content="{{ page.description }}">
<link rel="canonical" href="{{ page.canonical }}"><link rel="stylesheet" href="/style.css"></head>
<body><header><nav>{% for s in sections() %}<a href="{{ s.url }}">{{ s.title }}</a>{% endfor %}</nav></header>
<main>{% block main %}{% endblock %}</main>
<footer>{{ site.title }}</footer></body></html>
""",
    "page.html": """{% extends "base.html" %}
{% block main %}<article><h1>{{ page.title }}</h1>
<time datetime="{{ page.date }}">{{ page.date }}</time>
<nav id="TableOfContents"><ul>{% for h in page.toc %}<li><a href="#{{ h.id }}">{{ h.title }}</a></li>{% endfor %}</ul></nav>
{{ page.content }}
<ul>{% for tag in page.terms.tags %}<li><a href="{{ tag.url }}">{{ tag.title }}</a></li>{% endfor %}</ul>
<nav>{% if page.previous %}<a href="{{ page.previous.url }}">{{ page.previous.title }}</a>{% endif %}{% if page.next %}<a href="{{ page.next.url }}">{{ page.next.title }}</a>{% endif %}</nav>
</article>{% endblock %}
""",
    "home.html": """{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1>
<ul>{% for p in pages(limit=20) %}
<li><a href="{{ p.url }}">{{ p.title }}</a><p>{{ p.description }}</p></li>{% endfor %}
</ul>{% endblock %}
""",
    "section.html": DHIKRA_LISTING,
    "term.html": DHIKRA_LISTING,
    "taxonomy.html": """{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1>
<ul>{% for p in terms(taxonomy="tags") %}<li><a href="{{ p.url }}">{{ p.title }}</a></li>{% endfor %}</ul>{% endblock %}
""",
    "404.html": """<!doctype html>
<html lang="{{ lang }}" dir="{{ dir }}"><head><meta charset="utf-8"><title>{{ site.title }}</title></head><body><h1>لا صفحة هنا</h1></body></html>
""",
}

HUGO_SITE = """baseURL = "https://example.org/"
title = "خزانة المخطوطات"
languageCode = "ar"
enableRobotsTXT = true
capitalizeListTitles = false

[taxonomies]
tag = "tags"

[pagination]
pagerSize = 20
disableAliases = true

[outputs]
home = ["html", "rss"]
section = ["html"]
taxonomy = ["html"]
term = ["html"]

# Classes, not inline styles, as dhikra writes them.
[markup.highlight]
noClasses = false
"""

HUGO_TEMPLATES = {
    "_default/baseof.html": """<!doctype html>
<html lang="ar" dir="rtl">
<head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}"><link rel="stylesheet" href="/style.css"></head>
<body><header><nav>{{ range site.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav></header>
<main>{{ block "main" . }}{{ end }}</main>
<footer>{{ site.Title }}</footer></body></html>
""",
    "_default/single.html": """{{ define "main" }}<article><h1>{{ .Title }}</h1>
{{ $day := .Date.Format "2006-01-02" }}<time datetime="{{ $day }}">{{ $day }}</time>
{{ .TableOfContents }}
{{ .Content }}
<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
<nav>{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav>
</article>{{ end }}
""",
    "_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ $listing := .Paginate .Pages.ByDate.Reverse }}<ul>{{ range $listing.Pages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2006-01-02" }}</time><p>{{ .Description }}</p></li>{{ end }}
</ul>
<nav>{{ with $listing.Prev }}<a href="{{ .URL }}">السابق</a>{{ end }}{{ with $listing.Next }}<a href="{{ .URL }}">التالي</a>{{ end }}</nav>{{ end }}
""",
    "_default/terms.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Pages.ByTitle }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
""",
    "index.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range first 20 site.RegularPages.ByDate.Reverse }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Description }}</p></li>{{ end }}
</ul>{{ end }}
""",
    # Hugo's own feed holds summaries; dhikra's holds the whole text.
    "index.rss.xml": """{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
<rss version="2.0"><channel><title>{{ site.Title }}</title><link>{{ .Permalink }}</link><description>{{ site.Title }}</description>{{ range first 20 site.RegularPages.ByDate.Reverse }}
<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><guid>{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate><description>{{ .Content | transform.XMLEscape | safeHTML }}</description></item>{{ end }}
</channel></rss>
""",
    "404.html": """<!doctype html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{{ site.Title }}</title></head><body><h1>لا صفحة هنا</h1></body></html>
""",
}

# -------------------------------------------------------------------------------------- writing


def put(path, text):
    """Writes a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_dhikra(root):
    """site.toml and the theme."""
    theme = root / "themes/equal"
    put(root / "site.toml", DHIKRA_SITE)
    put(theme / "theme.toml", 'name = "equal"\n')
    put(theme / "static/style.css", STYLE)
    for name, text in DHIKRA_TEMPLATES.items():
        put(theme / "templates" / name, text)


def write_hugo(root):
    """hugo.toml and the layouts."""
    put(root / "hugo.toml", HUGO_SITE)
    put(root / "static/style.css", STYLE)
    for name, text in HUGO_TEMPLATES.items():
        put(root / "layouts" / name, text)


WRITERS = {"dhikra": write_dhikra, "hugo": write_hugo}


def write_content(roots, pages, sections, seed):
    """The same content files below each root."""
    width = len(str(sections - 1))
    names = [f"bab{s:0{width}d}" for s in range(sections)]
    for root in roots:
        put(root / "content/_index.md", "---\ntitle: المدخل\n---\n")
        for number, name in enumerate(names):
            put(root / "content" / name / "_index.md", f"---\ntitle: الباب {number}\n---\n")
    for number in range(pages):
        text = page(number, seed)
        for root in roots:
            # The folder is there: its _index.md was written above.
            path = root / "content" / names[number % sections] / f"waraqa{number:06d}.md"
            path.write_text(text, encoding="utf-8", newline="\n")


def from_folder(folder):
    """Adds what dhikra needs to the content that another generator wrote."""
    plain = folder / "plain"
    if not (plain / "content").is_dir():
        sys.exit(f"corpus.py: there is no {plain / 'content'}; write it with --for hugo,plain")
    write_dhikra(plain)


def arguments():
    """The command line."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--pages", type=int, default=1000)
    a.add_argument("--sections", type=int, default=20)
    a.add_argument("--seed", default="dhikra")
    a.add_argument("--for", dest="which", default="dhikra,hugo", help="which sites to write (default: both)")
    a.add_argument("--out", type=pathlib.Path, help="the folder to write the sites into")
    a.add_argument("--from", dest="source", type=pathlib.Path, help="only add the theme to DIR/plain")
    o = a.parse_args()
    o.which = o.which.split(",")
    if (o.out is None) == (o.source is None):
        a.error("give either --out or --from")
    if unknown := set(o.which) - set(WRITERS):
        a.error(f"--for knows {', '.join(WRITERS)}, not {', '.join(sorted(unknown))}")
    if o.pages < 1 or o.sections < 1:
        a.error("--pages and --sections are at least 1")
    return o


def main():
    """Writes what was asked for."""
    o = arguments()
    if o.source:
        from_folder(o.source)
        return
    roots = [o.out / name for name in o.which]
    for name, root in zip(o.which, roots):
        WRITERS[name](root)
    write_content(roots, o.pages, o.sections, o.seed)


if __name__ == "__main__":
    main()
