//! Columns that fit the terminal.
//!
//! comfy-table measures and wraps; it counts colour codes as letters and has no notion of
//! cutting out the middle of a path, so widths and colours are decided here.

use comfy_table::{ContentArrangement, Table, presets};

use super::Style;
use super::style::{Ink, escape, inked, painted};

/// Blanks between two columns.
const GAP: usize = 2;

/// No column is made narrower than this while another one is wider.
const NARROW: usize = 8;

/// The last column is wrapped down to this before another one is shortened.
const LAST: usize = 24;

type Inked = Vec<(char, Ink)>;

/// A table without lines: dim upper-case heads, two blanks between columns, fitted to the width
/// (no width: never wrapped). Cells are escaped unless they carry our own colours.
///
/// Too wide for the terminal, the last column is wrapped first, then the widest ones are
/// shortened with `…` (in the middle where they hold a path or a
/// place); before one becomes illegible each row becomes a block of `name  value` lines.
/// No rows: no text at all.
pub fn table(heads: &[&str], rows: &[Vec<String>], style: Style) -> String {
    laid_out(heads, rows, &[], style)
}

/// A table whose last column is a note. Too wide for the terminal, each note has lines of its own
/// below its row.
pub fn noted(heads: &[&str], rows: &[Vec<String>], style: Style) -> String {
    if fits(heads, rows, style) {
        return table(heads, rows, style);
    }
    let (rows, notes) = apart(heads, rows);
    laid_out(heads, &rows, &notes, style)
}

/// The same of rows whose cells are to be copied or compared: none is cut. Where they are too wide
/// without their notes, each row becomes a block of `name  value` lines.
pub fn whole(heads: &[&str], rows: &[Vec<String>], style: Style) -> String {
    if fits(heads, rows, style) {
        return table(heads, rows, style);
    }
    let (rows, notes) = apart(heads, rows);
    if fits(&heads[..heads.len() - 1], &rows, style) {
        return laid_out(heads, &rows, &notes, style);
    }
    let names = heads.iter().map(|head| head.len()).max().unwrap_or(0);
    let cells = rows.iter().flatten().chain(&notes);
    let widest = cells.map(|cell| widest_word(&inked(cell, style))).max();
    let width = style.width.filter(|total| {
        let room = usize::from(*total).saturating_sub(names + GAP);
        widest.is_none_or(|widest| widest <= room)
    });
    let uppers: Vec<String> = heads.iter().map(|head| head.to_uppercase()).collect();
    stacked(&uppers, &rows, &notes, Style { width, ..style })
}

/// The rows without their last column, and that as their notes.
fn apart(heads: &[&str], rows: &[Vec<String>]) -> (Vec<Vec<String>>, Vec<String>) {
    let last = heads.len() - 1;
    let split = |row: &Vec<String>| {
        let note = row.get(last).cloned().unwrap_or_default();
        (row[..last.min(row.len())].to_vec(), note)
    };
    rows.iter().map(split).unzip()
}

/// Whether a table fits the terminal as it is.
pub(super) fn fits(heads: &[&str], rows: &[Vec<String>], style: Style) -> bool {
    let widest = |index: usize| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let cells = cells.map(|cell| columns(&inked(cell, style)));
        cells.chain([heads[index].len()]).max().unwrap_or(0)
    };
    style.width.is_none_or(|total| {
        let whole: usize = (0..heads.len()).map(|index| widest(index) + GAP).sum();
        whole <= usize::from(total) + GAP
    })
}

/// Rows, and where there is a note for each, that below it.
pub(super) fn laid_out(
    heads: &[&str],
    rows: &[Vec<String>],
    notes: &[String],
    style: Style,
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let count = rows
        .iter()
        .map(Vec::len)
        .chain([heads.len() - usize::from(!notes.is_empty())])
        .max()
        .unwrap_or(0);
    let uppers: Vec<String> = heads.iter().map(|head| head.to_uppercase()).collect();
    let heads = uppers.iter().take(count).map(|head| {
        let upper = inked(head, style);
        upper.into_iter().map(|(c, _)| (c, Ink::Dim)).collect()
    });
    let mut cells: Vec<Vec<Inked>> = vec![heads.collect()];
    cells.extend(
        rows.iter()
            .map(|row| row.iter().map(|cell| inked(cell, style)).collect()),
    );

    let mut widths = vec![0; count];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell));
        }
    }
    if let Some(total) = style.width {
        let whole = widths.clone();
        fit(&mut widths, usize::from(total));
        let last = count - 1;
        let illegible = |(now, was): (&usize, &usize)| *now < 2 * NARROW && now * 2 < *was;
        if widths[..last].iter().zip(&whole).any(illegible) {
            return stacked(&uppers, rows, notes, style);
        }
    }
    let mut out = String::new();
    for (index, row) in cells.iter().enumerate() {
        push_row(&mut out, row, &widths, style);
        let note = index.checked_sub(1).and_then(|index| notes.get(index));
        if let Some(note) = note.filter(|note| !note.is_empty()) {
            let room = usize::from(style.width.unwrap_or(u16::MAX)).saturating_sub(GAP);
            for line in by_words(&inked(note, style), room) {
                out.push_str("  ");
                out.push_str(&painted(&line, style));
                out.push('\n');
            }
        }
    }
    out
}

/// Each row as a block, for terminals too narrow for its columns.
fn stacked(heads: &[String], rows: &[Vec<String>], notes: &[String], style: Style) -> String {
    let blocks: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let note = notes.get(index).filter(|note| !note.is_empty());
            let cells = row.iter().chain(note).cloned();
            let named: Vec<(String, String)> = heads.iter().cloned().zip(cells).collect();
            pairs(&named, style)
        })
        .collect();
    blocks.join("\n")
}

/// `name  value` lines, names dim and padded to one width; values wrapped with a hanging indent
/// when there is a width. Both are escaped like the cells of a table.
pub fn pairs(rows: &[(String, String)], style: Style) -> String {
    if !style.colour && style.width.is_none() {
        return plain_pairs(rows);
    }
    let mut rows: Vec<Vec<Inked>> = rows
        .iter()
        .map(|(name, value)| vec![inked(name, style), inked(value, style)])
        .collect();
    let mut widths = vec![0; 2];
    for row in &mut rows {
        for (_, ink) in &mut row[0] {
            *ink = Ink::Dim;
        }
        for (width, cell) in widths.iter_mut().zip(&*row) {
            *width = (*width).max(columns(cell));
        }
    }
    if let Some(total) = style.width {
        fit(&mut widths, usize::from(total));
    }
    let mut out = String::new();
    for row in &rows {
        push_row(&mut out, row, &widths, style);
    }
    out
}

/// The same for a pipe or file, where nothing is coloured or wrapped.
fn plain_pairs(rows: &[(String, String)]) -> String {
    let columns = |text: &str| columns(&text.chars().map(|c| (c, Ink::Plain)).collect::<Vec<_>>());
    let rows: Vec<(String, String)> = rows
        .iter()
        .map(|(name, value)| (escape(name), escape(value)))
        .collect();
    let wide = |text: &str| {
        if text.is_ascii() {
            text.len()
        } else {
            columns(text)
        }
    };
    let widest = rows.iter().map(|(name, _)| wide(name)).max().unwrap_or(0);
    let mut out = String::new();
    for (name, value) in &rows {
        out.push_str(name);
        if !value.is_empty() {
            out.extend(std::iter::repeat_n(' ', widest - wide(name) + GAP));
            out.push_str(value);
        }
        out.push('\n');
    }
    out
}

/// Makes the columns fit: the last one gives way down to [`LAST`], then the widest of all down
/// to [`NARROW`], then the widest down to one column each.
fn fit(widths: &mut [usize], total: usize) {
    let room = total.saturating_sub(GAP * widths.len().saturating_sub(1));
    let over = |widths: &[usize]| widths.iter().sum::<usize>().saturating_sub(room);
    let excess = over(widths);
    if let Some(last) = widths.last_mut() {
        *last -= excess.min(last.saturating_sub(LAST));
    }
    for least in [NARROW, 1] {
        while over(widths) > 0 {
            let Some(widest) = widths.iter_mut().max().filter(|width| **width > least) else {
                break;
            };
            *widest -= 1;
        }
    }
}

/// One row: as many lines as its last cell needs.
fn push_row(out: &mut String, row: &[Inked], widths: &[usize], style: Style) {
    let last = widths.len() - 1;
    let mut line = Inked::new();
    for (cell, width) in row.iter().zip(widths).take(last) {
        let cell = shorten(cell, *width);
        let pad = (width + GAP).saturating_sub(columns(&cell));
        line.extend(cell);
        line.extend(std::iter::repeat_n((' ', Ink::Plain), pad));
    }
    let indent: usize = widths[..last].iter().map(|width| width + GAP).sum();
    let mut tail = match row.get(last) {
        Some(cell) => wrap(cell, widths[last]),
        None => Vec::new(),
    };
    if tail.is_empty() {
        tail.push(Inked::new());
    }
    for (index, part) in tail.into_iter().enumerate() {
        if index > 0 {
            line = std::iter::repeat_n((' ', Ink::Plain), indent).collect();
        }
        line.extend(part);
        while line.last().is_some_and(|(c, _)| *c == ' ') {
            line.pop();
        }
        out.push_str(&painted(&line, style));
        out.push('\n');
    }
}

/// At most `width` columns of a cell: the middle is left out where it looks like a path, whose
/// both ends matter, else the end.
fn shorten(cell: &Inked, width: usize) -> Inked {
    if columns(cell) <= width {
        return cell.clone();
    }
    let room = width.saturating_sub(1);
    let path = cell.iter().any(|(c, _)| matches!(c, '/' | '#'));
    let tail = if path { room.div_ceil(2) } else { 0 };
    let head = take(cell.iter(), room - tail);
    let mut end = take(cell.iter().rev(), tail);
    end.reverse();
    let ink = cell.get(head.len()).map_or(Ink::Plain, |(_, ink)| *ink);
    let mut out = head;
    out.push(('…', ink));
    out.extend(end);
    out
}

/// As many characters as fit into `width` columns.
fn take<'a>(chars: impl Iterator<Item = &'a (char, Ink)>, width: usize) -> Inked {
    let mut used = 0;
    let fits = |(c, _): &&(char, Ink)| {
        used += columns(&[(*c, Ink::Plain)]);
        used <= width
    };
    chars.take_while(fits).copied().collect()
}

/// A cell in lines of at most `width` columns.
fn wrap(cell: &Inked, width: usize) -> Vec<Inked> {
    if columns(cell) <= width {
        return vec![cell.clone()];
    }
    let mut table = one_cell(cell);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    // Wrapping drops blanks and nothing else, so each character is found again in order.
    let mut source = cell.iter();
    let mut colour = |c: char| {
        let found = source.find(|(known, _)| *known == c);
        found.copied().unwrap_or((c, Ink::Plain))
    };
    table
        .lines()
        .map(|line| line.trim_end().chars().map(&mut colour).collect())
        .collect()
}

/// The same, but a word that is wider than that stays whole: the terminal breaks it, and what is
/// copied from there has no break.
fn by_words(cell: &Inked, width: usize) -> Vec<Inked> {
    if widest_word(cell) <= width {
        return wrap(cell, width);
    }
    let mut lines: Vec<Inked> = Vec::new();
    for word in cell.split(|(c, _)| *c == ' ') {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push((' ', Ink::Plain));
                line.extend(word);
            }
            _ => lines.push(word.to_vec()),
        }
    }
    lines
}

/// The columns of the widest word.
fn widest_word(cell: &Inked) -> usize {
    let words = cell.split(|(c, _)| *c == ' ');
    words.map(columns).max().unwrap_or(0)
}

/// How many columns of a terminal the characters take.
fn columns(cell: &[(char, Ink)]) -> usize {
    if cell.iter().all(|(c, _)| c.is_ascii()) {
        return cell.len();
    }
    let widths = one_cell(cell).column_max_content_widths();
    widths.first().map_or(0, |width| usize::from(*width))
}

/// A table of one cell, without padding: comfy-table's way to be asked about a text.
fn one_cell(cell: &[(char, Ink)]) -> Table {
    let text: String = cell.iter().map(|(c, _)| c).collect();
    let mut table = Table::new();
    table.load_style(presets::NOTHING).add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    table
}

#[cfg(test)]
mod tests;
