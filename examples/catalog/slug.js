'use strict';

const LETTERS = { ß: 'ss', æ: 'ae', ø: 'o', đ: 'd', ł: 'l' };

/** The part of an address that names an article: `Käsemesser, groß` as `kasemesser-gross`. Never empty. */
function slugOf(title) {
  const plain = title
    .toLowerCase()
    .replace(/[ßæøđł]/g, (letter) => LETTERS[letter])
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'article';
}

/** The same, with a number where the name is taken. */
function uniqueSlug(title, taken) {
  const slug = slugOf(title);
  if (!taken.has(slug)) return slug;
  for (let n = 2; ; n += 1) if (!taken.has(`${slug}-${n}`)) return `${slug}-${n}`;
}

module.exports = { slugOf, uniqueSlug };
