import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { addStrategyColours } from './parts/strategy.ts'
import { applyThemeBeforePaint } from './state/theme.svelte.ts'
import { declareLanguage } from './texts/language.ts'

declareLanguage()
applyThemeBeforePaint()
addStrategyColours(document)

const target = document.getElementById('app')
if (target) mount(App, { target })
