// Draws a chart above every table that says data-chart ("bar", "line" or "pie") from the table's own cells, so that chart and table
// cannot differ: the row's heading names the bar, data-value of a cell is its height, the link in a cell leads to its cases.
// Without this script there is the table alone.
import * as echarts from 'echarts/core';
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const COLOURS = ['#1d6b57', '#c8862b', '#5b7fa8', '#a8483f', '#7a8f3c', '#80628f', '#3f8f9b', '#9a7b62', '#5e6b66', '#c7a83b'];
const FONT = '"Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const MOST = 20; // rows of the table that are drawn; the table has all of them
const NARROW = 520;

function read(table) {
  const columns = [...table.tHead.rows[0].cells].filter(cell => cell.dataset.series !== undefined).map(cell => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows].slice(0, table.dataset.chart === 'line' ? undefined : MOST);
  const names = rows.map(row => row.cells[0].textContent.trim());
  const series = columns.map((name, n) => ({ name, data: rows.map(row => point(row.querySelectorAll('[data-value]')[n])) }));
  return { names, series };
}

function point(cell) {
  return { value: Number(cell.dataset.value), link: cell.querySelector('a')?.href };
}

function options(table, width) {
  const { names, series } = read(table);
  const flat = width < NARROW;
  const shared = {
    color: COLOURS,
    animation: false,
    textStyle: { fontFamily: FONT, color: '#26332f' },
    tooltip: { trigger: 'item', renderMode: 'richText', confine: true, textStyle: { fontFamily: FONT } },
    legend: { show: series.length > 1, type: 'plain', top: 0, left: 'center', itemWidth: 14, itemHeight: 9 }
  };
  if (table.dataset.chart === 'pie') return { ...shared, legend: { ...shared.legend, show: false }, series: [pie(names, series[0])] };
  const lying = table.dataset.lying !== undefined;
  const labels = { type: 'category', data: names, inverse: lying, axisLabel: { interval: lying ? 0 : 'auto', width: flat ? Math.min(116, Math.round(width * 0.3)) : 150, overflow: lying ? 'truncate' : 'none', hideOverlap: !lying } };
  const amounts = { type: 'value', minInterval: 1, axisLabel: { formatter: short, hideOverlap: true }, splitNumber: flat ? 3 : 5 };
  const top = series.length > 1 ? 12 + 20 * Math.ceil(series.reduce((sum, one) => sum + one.name.length * 13 + 32, 0) / width) : 12;
  return {
    ...shared,
    grid: { top, left: 6, right: 18, bottom: 4, containLabel: true },
    xAxis: lying ? amounts : labels,
    yAxis: lying ? labels : amounts,
    series: series.map(one => ({
      ...one,
      type: table.dataset.chart,
      cursor: 'pointer',
      stack: table.dataset.stacked === undefined ? undefined : 'all',
      barMaxWidth: 26,
      emphasis: { disabled: true }
    }))
  };
}

function pie(names, { data }) {
  return {
    type: 'pie',
    radius: ['38%', '72%'],
    data: data.map((one, n) => ({ ...one, name: names[n] })).filter(one => one.value > 0),
    label: { formatter: '{b} {c}', fontFamily: FONT, overflow: 'break' },
    emphasis: { disabled: true }
  };
}

function short(value) {
  return Math.abs(value) >= 1e4 && value % 1e3 === 0 ? `${value / 1e4}万` : String(value);
}

function height(table) {
  const rows = Math.min(table.tBodies[0].rows.length, MOST);
  return table.dataset.lying === undefined ? 240 : Math.max(120, 26 * rows + 70);
}

function draw(table) {
  const place = document.createElement('div');
  place.className = 'chart';
  place.setAttribute('aria-hidden', 'true'); // the table below says the same
  place.style.height = `${height(table)}px`;
  table.closest('figure').querySelector('[data-place]').replaceWith(place);
  const chart = echarts.init(place, null, { renderer: 'svg', locale: 'ZH' });
  const redraw = () => {
    chart.resize();
    chart.setOption(options(table, place.clientWidth), true);
    const picture = place.querySelector('svg');
    picture.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`); // so that print can make it smaller
  };
  redraw();
  chart.on('click', ({ data }) => {
    if (data.link) location.assign(data.link);
  });
  return redraw;
}

const redraws = [...document.querySelectorAll('table[data-chart]')].filter(table => table.tBodies[0].rows.length).map(draw);
let waiting;
addEventListener('resize', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => redraws.forEach(redraw => redraw()), 120);
});
